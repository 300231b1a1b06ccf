import { BelfryError } from '@belfry/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHooksUnderTest, createTestMapper, day, labMapping, type HooksUnderTest } from './test/hooks.fixture.ts';
import type { Mapper } from './mapping/mapper.ts';

const ready = { patient: 'bob', text: 'ready' };

let mapper: Mapper;
let hooks: HooksUnderTest;
beforeAll(() => {
  mapper = createTestMapper();
});
afterAll(() => mapper.close());
beforeEach(async () => {
  hooks = createHooksUnderTest(mapper);
  await hooks.records.put(hooks.app, 'lab', { mapping: labMapping });
});

const accept = async (id: string, body: unknown) => hooks.inbound.accept(await hooks.webhook(id, body));
const mend = (mapping: string) => hooks.records.put(hooks.app, 'lab', { mapping });
const outcomes = async () => (await hooks.rows()).map(({ outcome }) => outcome);
const failure = async (run: Promise<unknown>): Promise<BelfryError> => {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BelfryError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
};

describe('a webhook', () => {
  it('becomes one broadcast under its own id, and is kept with what came of it', async () => {
    const answer = await accept('evt_1', ready);
    expect(hooks.broadcasts).toEqual([
      {
        id: answer.id,
        via: 'hook',
        request: {
          kind: 'system_notification',
          audience: { users: ['bob'] },
          data: { title: 'Result', body: 'ready' },
          idempotencyKey: 'hook:lab:evt_1',
        },
      },
    ]);
    expect(answer).toEqual({ id: answer.id, duplicate: false, recipients: 1 });
    expect(await hooks.rows()).toMatchObject([
      { outcome: 'accepted', webhookId: 'evt_1', broadcast: { id: answer.id, recipients: 1 }, payloadBytes: 32 },
    ]);
    expect(hooks.counts).toEqual({ accepted: 1 });
  });

  it('is answered as the first time when it comes again, whatever it says then, and broadcast no more', async () => {
    const { id } = await accept('evt_1', ready);
    await mend("{ 'kind': 'direct', 'audience': { 'users': ['eve'] }, 'data': {} }");
    for (const body of [ready, { patient: 'carol' }, 'not json at all']) {
      expect(await accept('evt_1', body)).toEqual({ id, duplicate: true, recipients: 1 });
    }
    expect(hooks.broadcasts).toHaveLength(1);
    expect(await outcomes()).toEqual(['accepted', 'duplicate', 'duplicate', 'duplicate']);
  });

  it('is known for 8 days', async () => {
    const { id } = await accept('evt_1', ready);
    await hooks.clock.advance(8 * day - 1000);
    expect(await accept('evt_1', ready)).toEqual({ id, duplicate: true, recipients: 1 });
    await hooks.clock.advance(2000);
    expect(await accept('evt_1', ready)).toMatchObject({ duplicate: false });
  });

  it('is one broadcast when it comes many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => accept('evt_1', ready)));
    expect(hooks.broadcasts).toHaveLength(1);
    expect(answers.map(({ duplicate }) => duplicate).toSorted()).toEqual([false, ...Array<boolean>(7).fill(true)]);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  });

  it('of another hook, or another app, is another one, even under the same id', async () => {
    await hooks.records.put(hooks.app, 'lab2', { mapping: labMapping });
    await accept('evt_1', ready);
    expect(await hooks.inbound.accept(await hooks.webhook('evt_1', ready, 'lab2'))).toMatchObject({ duplicate: false });
    expect(hooks.broadcasts).toHaveLength(2);
  });

  it('with a long id has a cid that clients can take', async () => {
    await accept('e'.repeat(256), ready);
    await accept(`${'e'.repeat(255)}f`, ready);
    const cids = hooks.broadcasts.map(({ request }) => request.idempotencyKey ?? '');
    expect(new Set(cids).size).toBe(2);
    expect(cids.every((cid) => cid.length <= 128)).toBe(true);
  });

  it('leaves a large payload behind once it is accepted, and a small one stays to be looked at', async () => {
    const large = { ...ready, noise: 'x'.repeat(70_000) };
    await accept('small', ready);
    await accept('large', large);
    const [small, big] = await hooks.rows();
    expect(await hooks.deliveries.get(hooks.app, 'lab', small?.id ?? '')).toMatchObject({
      payload: JSON.stringify(ready),
    });
    expect(await hooks.deliveries.get(hooks.app, 'lab', big?.id ?? '')).not.toHaveProperty('payload');
    expect(big?.payloadBytes).toBe(JSON.stringify(large).length);
  });
});

describe('a webhook that cannot become a broadcast', () => {
  const unknownKind = new BelfryError('unknown_kind', { path: ['kind'] });
  it.each([
    ['a mapping that fails on it', '$number(text)', {}, { code: 'mapping_failed' }],
    [
      'a mapping that makes nothing of it',
      'absent',
      {},
      { code: 'mapping_failed', detail: expect.stringContaining('nothing') },
    ],
    [
      'something that is no broadcast',
      "{ 'kind': 'direct', 'data': {} }",
      {},
      { code: 'mapping_failed', path: ['audience'] },
    ],
    [
      'a misspelt field',
      `$merge([${labMapping}, { 'audiences': 1 }])`,
      {},
      { code: 'mapping_failed', path: ['audiences'] },
    ],
    [
      'an idempotency key of its own',
      `$merge([${labMapping}, { 'idempotencyKey': 'k' }])`,
      {},
      { code: 'mapping_failed', path: ['idempotencyKey'] },
    ],
    [
      'a number that is none',
      `$merge([${labMapping}, { 'data': { 'n': 9007199254740993 } }])`,
      {},
      { code: 'bad_request', path: ['data', 'n'] },
    ],
    ['a broadcast that is refused', labMapping, { before: unknownKind }, { code: 'unknown_kind', path: ['kind'] }],
    ['a conversation that is not there', labMapping, { before: new BelfryError('not_found') }, { code: 'not_found' }],
  ])('because of %s is refused with the reason, and kept whole', async (_what, mapping, fate, reason) => {
    await mend(mapping);
    hooks.setFate(fate);
    const error = await failure(accept('evt_1', ready));
    expect(error).toMatchObject({ code: 'mapping_failed', status: 422 });
    expect(hooks.broadcasts).toEqual([]);
    expect(await hooks.rows()).toMatchObject([{ outcome: 'refused', reason, webhookId: 'evt_1' }]);
    expect(hooks.counts).toEqual({ refused: 1 });

    hooks.setFate({});
    await mend(labMapping);
    const [row] = await hooks.rows();
    const { records, inbound, app } = hooks;
    const answer = await inbound.replay(app, await records.record(app, 'lab'), row?.id ?? '');
    expect(answer).toMatchObject({ duplicate: false, recipients: 1 });
    expect(hooks.broadcasts).toHaveLength(1);
    expect(await hooks.rows()).toMatchObject([
      { outcome: 'accepted', broadcast: { id: answer.id }, replayedAt: expect.any(Number) },
    ]);
    expect((await hooks.rows())[0]).not.toHaveProperty('reason');
    // The sender does not know, and tries again.
    expect(await accept('evt_1', ready)).toEqual({ ...answer, duplicate: true });
    expect(await inbound.replay(app, await records.record(app, 'lab'), row?.id ?? '')).toEqual({
      ...answer,
      duplicate: true,
    });
    expect(hooks.broadcasts).toHaveLength(1);
  });

  it('is accepted when its sender tries again after the mapping was mended, and then replayed as the duplicate it is', async () => {
    await mend('absent');
    await failure(accept('evt_1', ready));
    await mend(labMapping);
    const answer = await accept('evt_1', ready);
    expect(answer.duplicate).toBe(false);
    const [refused] = await hooks.rows();
    const hook = await hooks.records.record(hooks.app, 'lab');
    expect(await hooks.inbound.replay(hooks.app, hook, refused?.id ?? '')).toEqual({ ...answer, duplicate: true });
    expect(hooks.broadcasts).toHaveLength(1);
    expect(await outcomes()).toEqual(['duplicate', 'accepted']);
  });

  it.each([
    ['is not JSON', '{"patient": bob}', /position 7/],
    ['has a key that is never allowed', '{"__proto__": {"patient": "bob"}}', /key is not allowed/],
    ['is nested too deeply', '['.repeat(40) + ']'.repeat(40), /nested too deeply/],
  ])('because its body %s is refused with that reason, and kept', async (_what, body, detail) => {
    const error = await failure(accept('evt_1', body));
    expect(error).toMatchObject({ code: 'bad_request', message: expect.stringMatching(detail) });
    expect(hooks.broadcasts).toEqual([]);
    expect(await hooks.rows()).toMatchObject([{ outcome: 'refused', reason: { code: 'bad_request' } }]);
  });

  it('because its body is no text is refused with that reason', async () => {
    const webhook = { ...(await hooks.webhook('evt_1', '')), body: Buffer.from([0x22, 0xff, 0x22]) };
    expect(await failure(hooks.inbound.accept(webhook))).toMatchObject({ code: 'bad_request' });
    expect(hooks.broadcasts).toEqual([]);
  });

  it('cannot be replayed by the id of another hook, or another app', async () => {
    await mend('absent');
    await failure(accept('evt_1', ready));
    const [row] = await hooks.rows();
    const hook = await hooks.records.record(hooks.app, 'lab');
    const stranger = createHooksUnderTest(mapper);
    expect(await failure(hooks.inbound.replay(hooks.app, { ...hook, id: 'other' }, row?.id ?? ''))).toMatchObject({
      code: 'not_found',
    });
    expect(await failure(hooks.inbound.replay(stranger.app, hook, row?.id ?? ''))).toMatchObject({ code: 'not_found' });
  });
});

describe('a webhook in a bad moment', () => {
  it('is tried again at once after an overload, in which nothing was done', async () => {
    hooks.setFate({ before: new BelfryError('overloaded') });
    expect(await failure(accept('evt_1', ready))).toMatchObject({ code: 'overloaded', status: 503 });
    expect(await hooks.rows()).toMatchObject([{ outcome: 'failed', reason: { code: 'overloaded' } }]);
    hooks.setFate({});
    expect(await accept('evt_1', ready)).toMatchObject({ duplicate: false });
    expect(hooks.broadcasts).toHaveLength(1);
  });

  it('is one broadcast when its process was killed after the broadcast, whatever body and mapping say at the second try', async () => {
    hooks.setFate({ after: new BelfryError('unavailable') });
    expect(await failure(accept('evt_1', ready))).toMatchObject({ code: 'unavailable' });
    expect(await hooks.rows()).toMatchObject([{ outcome: 'failed' }]);
    hooks.setFate({});
    // Until the lease is over nobody knows whether somebody is still at it.
    expect(await failure(accept('evt_1', ready))).toMatchObject({ code: 'conflict', afterMs: 1000 });
    await mend("{ 'kind': 'direct', 'audience': { 'users': ['eve'] }, 'data': { 'body': 'other' } }");
    await hooks.clock.advance(36_000);
    expect(await accept('evt_1', { patient: 'carol' })).toMatchObject({
      duplicate: false,
      id: hooks.broadcasts[0]?.id,
    });
    expect(hooks.broadcasts).toHaveLength(1);
    expect(await outcomes()).toEqual(['accepted']);
  });

  it('is found done when it was broadcast, could not be recorded, and comes again', async () => {
    hooks.stores.fail('idempotency.finish');
    const { id } = await accept('evt_1', ready);
    hooks.stores.fail(undefined);
    await hooks.clock.advance(36_000);
    expect(await accept('evt_1', ready)).toMatchObject({ id });
    expect(hooks.broadcasts).toHaveLength(1);
  });

  it('can be replayed when it was cut off, and is the same broadcast', async () => {
    hooks.setFate({ after: new BelfryError('unavailable') });
    await failure(accept('evt_1', ready));
    hooks.setFate({});
    await hooks.clock.advance(36_000);
    const [row] = await hooks.rows();
    const hook = await hooks.records.record(hooks.app, 'lab');
    expect(await hooks.inbound.replay(hooks.app, hook, row?.id ?? '')).toMatchObject({ id: hooks.broadcasts[0]?.id });
    expect(hooks.broadcasts).toHaveLength(1);
  });
});

describe('a trial run', () => {
  it('reports the broadcast and its audience, and does nothing', async () => {
    expect(await hooks.inbound.attempt(hooks.app, { mapping: labMapping, payload: ready })).toEqual({
      request: { kind: 'system_notification', audience: { users: ['bob'] }, data: { title: 'Result', body: 'ready' } },
      explain: { recipients: [], counts: { sent: 1 } },
    });
    expect(await failure(hooks.inbound.attempt(hooks.app, { mapping: 'absent', payload: ready }))).toMatchObject({
      code: 'mapping_failed',
    });
    expect(hooks.broadcasts).toEqual([]);
    expect(await hooks.rows()).toEqual([]);
  });
});
