// Outgoing webhooks: what is kept, sent, tried again, put off and given up.

import { Webhook } from 'standardwebhooks';
import { describe, expect, test, vi } from 'vitest';
import { by, createOutboundUnderTest, hourMs, readFact, started, type SentRequest } from './test/outbound.fixture.ts';

describe('an event', () => {
  test('is stored before the sender has an answer, and sent signed, under its own id', async () => {
    const { app, clock, put, keepStored, sent, rows } = await started();
    const { secret = '' } = await put({ events: ['message.*'] });
    await keepStored({ messageId: 'm7' });
    expect(await rows()).toMatchObject([{ id: 'm7', type: 'message.stored', state: 'waiting' }]);
    expect(sent).toEqual([]);
    await clock.advance(100);
    expect(sent).toHaveLength(1);
    const [request] = sent;
    expect(request?.url).toBe('https://crm.example.com/in');
    expect(request?.json).toEqual({
      ...{ id: 'm7', type: 'message.stored', version: 1, timestamp: '2026-01-01T00:00:00.000Z', app },
      data: {
        ...{ messageId: 'm7', kind: 'message', action: 'new_message', conversationId: 'c1', senderId: 'alice' },
        ...{ data: { type: 'text', content: { text: 'hi' } }, stream: 'c:c1', seq: 1 },
      },
    });
    expect(request?.headers).toMatchObject({ 'webhook-id': 'm7', 'user-agent': 'Belfry/test' });
    verify(secret, request, clock.now());
    expect(await rows()).toMatchObject([{ state: 'delivered', attempts: [{ number: 1, status: 200 }] }]);
  });

  test('goes to each webhook whose filter names it, and to no other', async () => {
    const { clock, put, keepStored, record, rows } = await started();
    await put({ events: ['message.stored'] }, 'one');
    await put({ events: ['conversation.*', 'message.read'] }, 'two');
    await put({ events: ['*'] }, 'three');
    await keepStored();
    record(readFact());
    record({ type: 'conversation.removed', atMs: 1, conversationId: 'c1', userIds: ['bob'] });
    await clock.advance(100);
    const types = async (id: string) => (await rows(id)).map(({ type }) => type);
    expect(await types('one')).toEqual(['message.stored']);
    expect(await types('two')).toEqual(['message.read', 'conversation.removed']);
    expect(await types('three')).toEqual(['message.stored', 'message.read', 'conversation.removed']);
  });

  test('that is kept again, since its sender had no answer, is sent once', async () => {
    const { clock, put, keepStored, stores, sent } = await started();
    await put();
    stores.fail('webhookEvents.add', 'after');
    await expect(keepStored()).rejects.toMatchObject({ code: 'unavailable' });
    stores.fail(undefined);
    await keepStored();
    await clock.advance(60_000);
    expect(sent).toHaveLength(1);
  });

  test('of a fact waits while the store is away', async () => {
    const { clock, put, record, stores, sent } = await started();
    await put();
    stores.fail('webhookEvents.add');
    record(readFact());
    await clock.advance(20_000);
    expect(sent).toEqual([]);
    stores.fail(undefined);
    await clock.advance(10_000);
    expect(sent.map(({ json }) => json['type'])).toEqual(['message.read']);
  });

  test('that nobody was woken for is found by the relay', async () => {
    const { clock, put, keepStored, queue, sent } = await started();
    await put();
    queue.fail('add');
    await keepStored();
    queue.fail(undefined);
    await clock.advance(4000);
    expect(sent).toEqual([]);
    await clock.advance(20_000);
    expect(sent).toHaveLength(1);
  });
});

describe('an app without webhooks', () => {
  test('costs one look at the store in ten seconds, and nothing a message or fact', async () => {
    const { app, clock, record, keepStored, stores, queue, outbound } = await started();
    const list = vi.spyOn(stores.webhooks, 'list');
    await keepStored();
    expect(list).toHaveBeenCalledTimes(1);
    const add = vi.spyOn(stores.webhookEvents, 'add');
    const queued = vi.spyOn(queue, 'add');
    const made = vi.fn(() => undefined);
    for (let n = 0; n < 1000; n += 1) {
      expect(outbound.intake.keepStored(app, made)).toBeUndefined();
      record(readFact('c1', n));
    }
    await clock.advance(1000);
    expect([list, add, queued, made].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0, 0]);
  });
});

describe('a request that fails', () => {
  test('is sent again under the same id, ever later, for three days, and then given up', async () => {
    const { clock, put, keepStored, sent, rows, state } = await started();
    await put();
    state.always = { status: 500, text: 'down, Bearer abcdefghijk' };
    const begunAt = clock.now();
    await keepStored();
    await clock.advance(100 * hourMs);
    expect(new Set(sent.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['m1']));
    const afterHours = sent.map(({ atMs }) => Math.round((atMs - begunAt) / hourMs));
    expect(afterHours).toEqual([0, 0, 0, 1, 3, 8, 18, 32, 50, 72]);
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'failed', tries: 10, endedAt: expect.any(Number) });
    expect(row?.attempts.at(-1)).toMatchObject({ number: 10, status: 500, answer: 'down, [redacted]' });
  });

  test('is sent again no sooner than the receiver asks', async () => {
    const { clock, put, keepStored, sent, answerWith } = await started();
    await put();
    answerWith({ status: 429, headers: { 'retry-after': '3600' } });
    const begunAt = clock.now();
    await keepStored();
    await clock.advance(hourMs - 1000);
    expect(sent).toHaveLength(1);
    await clock.advance(20_000);
    expect(sent.map(({ atMs }) => Math.floor((atMs - begunAt) / hourMs))).toEqual([0, 1]);
  });

  test('with ten others holds the rest back, to a whole millisecond; who tries it is not held', async () => {
    const { app, clock, put, keepStored, sent, state, rows, outbound } = await started();
    await put();
    state.always = { status: 500 };
    for (let n = 0; n < 12; n += 1) await keepStored({ messageId: `m${n}` });
    await clock.advance(1000);
    // As a monotonic clock counts; the wall clock has whole milliseconds.
    await clock.advance(0.25);
    clock.jump(-0.25);
    for (let n = 12; n < 20; n += 1) await keepStored({ messageId: `m${n}` });
    await clock.advance(1000);
    const called = sent.length;
    expect(called).toBeLessThan(14);
    expect((await rows()).filter(({ dueAt = 0 }) => !Number.isInteger(dueAt))).toEqual([]);
    expect((await rows()).filter(({ attempts }) => attempts.length === 0)).toHaveLength(20 - called);
    const webhook = await outbound.records.record(app, 'crm');
    expect(await outbound.kept.test(app, webhook)).toMatchObject({ attempt: { status: 500 } });
    state.always = { status: 200 };
    await clock.advance(10 * 60_000);
    expect((await rows()).filter(({ state: of, type }) => of !== 'delivered' && type === 'message.stored')).toEqual([]);
  });

  test.each([
    ['a redirect', { status: 302 }, { status: 302, error: expect.stringContaining('redirect') }],
    ['no answer', new Error('fetch failed', { cause: new Error('connect refused') }), { error: 'connect refused' }],
  ])('because of %s is kept with what came of it', async (_what, answer, attempt) => {
    const { clock, put, keepStored, rows, answerWith } = await started();
    await put();
    answerWith(answer);
    await keepStored();
    await clock.advance(1000);
    expect(await rows()).toMatchObject([{ state: 'waiting', attempts: [attempt] }]);
    await clock.advance(30_000);
    expect(await rows()).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('a webhook is switched off', () => {
  test('by a 410, with all that waits, and its app, the log and the audit are told', async () => {
    const { clock, put, keepStored, record, rows, answerWith, audited, log, facts, sent } = await started();
    await put();
    await put({ events: ['webhook.disabled'], url: 'https://other.example.com' }, 'other');
    answerWith({ status: 410 });
    await keepStored();
    await clock.advance(1000);
    const reason = { webhookId: 'crm', because: 'gone' };
    expect(facts.of('webhook.disabled')).toMatchObject([reason]);
    expect(audited).toMatchObject([reason]);
    expect(log.of('warn')).toEqual(['an outgoing webhook was switched off']);
    expect(await rows()).toMatchObject([{ state: 'failed' }]);
    record(readFact());
    await clock.advance(1000);
    expect(await rows()).toHaveLength(1);
    expect(sent.filter(({ url }) => url.includes('other')).map(({ json }) => json['data'])).toMatchObject([reason]);
  });

  test('by five days in which nothing comes through, and not by less', async () => {
    const { clock, app, put, keepStored, state, outbound, facts } = await started();
    await put();
    state.always = { status: 503 };
    await keepStored();
    await clock.advance(100 * hourMs);
    expect((await outbound.records.get(app, 'crm')).state).toBe('active');
    await clock.advance(21 * hourMs);
    await keepStored({ messageId: 'm2' });
    await clock.advance(1000);
    expect(await outbound.records.get(app, 'crm')).toMatchObject({
      ...{ state: 'disabled', disabled: { because: 'failing', detail: expect.stringContaining('status 503') } },
      health: { failingSince: '2026-01-01T00:00:00.000Z', lastFailure: { status: 503 } },
    });
    expect(facts.of('webhook.disabled')).toHaveLength(1);
    state.always = { status: 200 };
    await outbound.records.resume(app, 'crm', by);
    await outbound.kept.replayAll(app, await outbound.records.record(app, 'crm'), { state: 'failed' });
    await clock.advance(5 * 60_000);
    expect(await outbound.records.get(app, 'crm')).toMatchObject({
      state: 'active',
      health: { lastSuccessAt: expect.any(String) },
    });
    expect((await outbound.records.get(app, 'crm')).health).not.toHaveProperty('failingSince');
  });
});

test('where order is asked for, events of a conversation wait for the one before, and those of others do not', async () => {
  const { clock, put, keepStored, sent, answerWith } = await started();
  await put({ ordered: true });
  answerWith({ status: 500 }, { status: 200 }, { status: 500 });
  await keepStored({ messageId: 'a1' });
  await clock.advance(10);
  await keepStored({ messageId: 'b1', conversationId: 'c2' });
  await clock.advance(10);
  await keepStored({ messageId: 'a2' });
  await keepStored({ messageId: 'a3' });
  await clock.advance(10_000);
  expect(sent.map(({ json }) => json['id'])).toEqual(['a1', 'b1', 'a1']);
  await clock.advance(20 * 60_000);
  expect(sent.map(({ json }) => json['id'])).toEqual(['a1', 'b1', 'a1', 'a1', 'a2', 'a3']);
});

test('where many go together, a request has those of its window, and the same ones when it is sent again', async () => {
  const { clock, put, keepStored, sent, answerWith, rows } = await started();
  await put({ batch: { maxEvents: 2, maxWaitMs: 10_000 } });
  answerWith({ status: 500 });
  for (const messageId of ['m1', 'm2', 'm3']) await keepStored({ messageId });
  await clock.advance(9_000);
  expect(sent).toEqual([]);
  await clock.advance(30_000);
  const idsOf = ({ json }: (typeof sent)[number]) => (json['events'] as { id: string }[]).map(({ id }) => id);
  expect(sent.map(idsOf)).toEqual([['m1', 'm2'], ['m3'], ['m1', 'm2']]);
  const requestIds = sent.map(({ headers }) => headers['webhook-id']);
  expect([requestIds[0] === requestIds[2], requestIds[0] === requestIds[1]]).toEqual([true, false]);
  expect(sent[0]?.json).toMatchObject({ id: requestIds[0], type: 'batch', version: 1 });
  expect((await rows()).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
});

describe('a transform', () => {
  test('makes the body, leaves out what it makes nothing of, and what it fails on can be sent when it is mended', async () => {
    const { clock, app, put, keepStored, sent, rows, outbound } = await started();
    await put({ transform: 'of its own' });
    await keepStored({ messageId: 'm1' });
    await clock.advance(1000);
    expect(sent.map(({ body }) => body)).toEqual(['{"was":"message.stored"}']);
    await put({ transform: 'nothing' });
    await keepStored({ messageId: 'm2' });
    await clock.advance(1000);
    await put({ transform: 'broken' });
    await keepStored({ messageId: 'm3' });
    await clock.advance(1000);
    expect(sent).toHaveLength(1);
    expect(await rows()).toMatchObject([
      { state: 'delivered' },
      { state: 'skipped' },
      { state: 'failed', attempts: [{ error: 'transform: broken here' }] },
    ]);
    await put();
    const webhook = await outbound.records.record(app, 'crm');
    expect(await outbound.kept.replayAll(app, webhook, { state: 'failed' })).toEqual({ replayed: 1, hasMore: false });
    await clock.advance(1000);
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(['m1', 'm3']);
  });
});

describe('a pause', () => {
  test('keeps what happens, and all of it is sent when it ends', async () => {
    const { clock, app, put, keepStored, sent, outbound } = await started();
    await put();
    await outbound.records.pause(app, 'crm', by);
    await keepStored({ messageId: 'm1' });
    await clock.advance(3 * hourMs);
    await keepStored({ messageId: 'm2' });
    await clock.advance(1000);
    expect(sent).toEqual([]);
    await outbound.records.resume(app, 'crm', by);
    await clock.advance(1000);
    expect(sent.map(({ json }) => json['id']).toSorted()).toEqual(['m1', 'm2']);
  });

  test('of the whole app holds its webhooks too', async () => {
    const { clock, put, keepStored, sent, state } = await started();
    await put();
    state.isOff = true;
    await keepStored();
    await clock.advance(1000);
    expect(sent).toEqual([]);
    state.isOff = false;
    await clock.advance(2 * hourMs);
    expect(sent).toHaveLength(1);
  });
});

describe('a replay', () => {
  test('of one event sends it again under its id, with all tries anew', async () => {
    const { clock, app, put, keepStored, sent, outbound, state, rows } = await started();
    await put();
    await keepStored();
    await clock.advance(1000);
    state.always = { status: 500 };
    await outbound.kept.replay(app, await outbound.records.record(app, 'crm'), 'm1');
    await clock.advance(10_000);
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(['m1', 'm1', 'm1']);
    expect(await rows()).toMatchObject([{ state: 'waiting', tries: 2, attempts: [{}, {}, { number: 3 }] }]);
  });

  test('of a range takes what was kept in it, and of a webhook that is off nothing', async () => {
    const { clock, app, put, keepStored, sent, outbound, state } = await started();
    await put();
    for (const messageId of ['m1', 'm2', 'm3']) {
      await keepStored({ messageId });
      await clock.advance(hourMs);
    }
    sent.length = 0;
    const from = Date.UTC(2026, 0, 1) + hourMs;
    const webhook = await outbound.records.record(app, 'crm');
    const range = { state: 'delivered', fromMs: from, toMs: from + hourMs } as const;
    expect(await outbound.kept.replayAll(app, webhook, range)).toEqual({ replayed: 1, hasMore: false });
    await clock.advance(1000);
    expect(sent.map(({ json }) => json['id'])).toEqual(['m2']);
    state.always = { status: 410 };
    await keepStored({ messageId: 'm4' });
    await clock.advance(1000);
    const off = await outbound.records.record(app, 'crm');
    await expect(outbound.kept.replayAll(app, off, range)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a test event is sent at once, also of a webhook that is paused', async () => {
    const { app, put, sent, outbound, answerWith } = await started();
    await put({ events: ['message.read'] });
    await outbound.records.pause(app, 'crm', by);
    answerWith({ status: 418, text: 'a teapot' });
    const webhook = await outbound.records.record(app, 'crm');
    expect(await outbound.kept.test(app, webhook)).toMatchObject({
      attempt: { status: 418, answer: 'a teapot' },
      event: { type: 'webhook.test', attempts: [{ number: 1 }] },
    });
    expect(sent[0]?.json).toMatchObject({ type: 'webhook.test', data: { webhookId: 'crm' } });
  });
});

describe('the settings of a webhook', () => {
  test('are made with a secret that is shown once, changed against the version that was seen, and bounded', async () => {
    const { app, put, outbound, stores } = createOutboundUnderTest();
    const made = await put();
    expect(made).toMatchObject({ created: true, secret: expect.stringMatching(/^whsec_/) });
    expect(JSON.stringify(await stores.webhooks.list(app))).not.toContain(made.secret?.slice(6));
    expect(await put({ description: 'ours' })).toMatchObject({
      created: false,
      webhook: { version: 2, description: 'ours' },
    });
    expect(await put()).not.toHaveProperty(['webhook', 'description']);
    await put({}, 'two');
    await put({}, 'three');
    await expect(put({}, 'four')).rejects.toMatchObject({ code: 'too_many' });
    await outbound.records.remove(app, 'crm', by);
    await expect(outbound.records.get(app, 'crm')).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each([
    ['url', { url: 'https://10.0.0.1/' }],
    ['transform', { transform: '{' }],
    ['secret', { secret: `whsec_${'a'.repeat(32)}` }],
  ])('are refused with the path %s', async (field, settings) => {
    const { put } = createOutboundUnderTest();
    await put();
    await expect(put(settings)).rejects.toMatchObject({ code: 'invalid_body', path: [field] });
  });

  test('a rotation signs with both secrets until the old one is over', async () => {
    const { clock, app, put, keepStored, sent, outbound } = await started();
    await put();
    await outbound.records.rotate(app, 'crm', { overlapMs: hourMs, ...by });
    const signatures = () => sent.at(-1)?.headers['webhook-signature']?.split(' ').length;
    await keepStored({ messageId: 'm1' });
    await clock.advance(1000);
    expect(signatures()).toBe(2);
    await clock.advance(hourMs);
    await keepStored({ messageId: 'm2' });
    await clock.advance(1000);
    expect(signatures()).toBe(1);
  });
});

/** By the package of the standard, which reads the system's clock. Throws when it is not signed so. */
function verify(secret: string, request: SentRequest | undefined, nowMs: number): void {
  vi.useFakeTimers({ now: nowMs });
  try {
    new Webhook(secret).verify(request?.body ?? '', { ...request?.headers });
  } finally {
    vi.useRealTimers();
  }
}
