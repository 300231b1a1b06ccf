// A connection's first frame and its commands, over real sockets.
import { BelfryError } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, settled } from '../../test/support/virtual-clock.ts';
import { CloseConnection } from '../commands/close-connection.ts';
import { event, startGateway, untilTrue, type TestClient } from './test/gateway.fixture.ts';

const errorsOf = (client: TestClient): unknown[] =>
  client.frames.flatMap((frame) => ('error' in frame ? [(frame['error'] as { code: string }).code] : []));

describe('connecting', () => {
  it('answers connect first, then what was sent to the session before it', async () => {
    const { dial, registry } = await startGateway({
      onOpened: (session) => session.outlet.send(event({ early: true })),
    });
    const client = await dial().connect();
    expect(await client.received(2)).toMatchObject([
      { id: 1, ok: true, data: { connectionId: expect.any(String) } },
      { action: 'lab_result', data: { early: true } },
    ]);
    expect(registry.size).toBe(1);
  });

  it('closes 4500 when the first frame is another, or cannot be read', async () => {
    const { dial } = await startGateway();
    const [other, broken] = [await dial().open(), await dial().open()];
    other.send({ id: 1, action: 'heartbeat', data: {} });
    broken.send('{');
    expect([await other.close(), await broken.close()]).toEqual([4500, 4500]);
    expect(errorsOf(broken)).toEqual(['bad_request']);
  });

  it('closes 4500 when connect comes again, also before the first is answered', async () => {
    const { dial, closed } = await startGateway();
    const late = await dial().connect();
    late.send({ id: 2, action: 'connect', data: {} });
    expect(await late.close()).toBe(4500);
    const early = await dial().open();
    early.send({ id: 1, action: 'connect', data: {} });
    early.send({ id: 2, action: 'connect', data: {} });
    expect(await early.close()).toBe(4500);
    await settled();
    expect(closed.map(({ code }) => code)).toEqual([4500, 4500]);
  });

  it('closes 4502 when no connect came within the deadline', async () => {
    const clock = createVirtualClock();
    const { dial } = await startGateway({ clock });
    const client = await dial().open();
    await untilTrue(() => clock.pending() > 0);
    await clock.advance(9500);
    expect(client.closedWith).toBeUndefined();
    await clock.advance(1000);
    expect(await client.close()).toBe(4502);
  });

  it('closes as the command says, after an error that says why', async () => {
    const cause = new BelfryError('bad_token');
    const { dial, registry } = await startGateway({
      refuseConnect: () => Promise.reject(new CloseConnection('bad_token', cause)),
    });
    const client = await dial().connect();
    expect(await client.close()).toBe(4501);
    expect(client.closedWith?.reason).toBe('bad token');
    expect(errorsOf(client)).toEqual(['bad_token']);
    expect(registry.size).toBe(0);
  });

  it('lets a client send a connect that failed once more', async () => {
    let failures = 1;
    const { dial } = await startGateway({
      async refuseConnect() {
        if (failures-- > 0) throw new BelfryError('too_many');
      },
    });
    const client = await dial().connect();
    expect(errorsOf(client)).toEqual(['too_many']);
    client.send({ id: 2, action: 'connect', data: {} });
    expect((await client.received(2))[1]).toMatchObject({ id: 2, ok: true });
  });

  it('closes the session of a client that went while it connected', async () => {
    const held = Promise.withResolvers<undefined>();
    const { dial, gateway, closed, registry } = await startGateway({ refuseConnect: () => held.promise });
    const client = await dial().open();
    client.send({ id: 1, action: 'connect', data: { token: 'alice' } });
    await untilTrue(() => gateway.size === 1);
    client.ws.terminate();
    await untilTrue(() => gateway.size === 0);
    held.resolve(undefined);
    await untilTrue(() => closed.length === 1);
    expect([closed, registry.size]).toEqual([[{ userId: 'alice', code: 1006 }], 0]);
  });
});

describe('commands', () => {
  it('are answered under their id, and not at all without one', async () => {
    const { dial } = await startGateway({
      run: async (_session, { action, data }) => (action === 'echo' ? data : undefined),
    });
    const client = await dial().connect();
    client.send({ action: 'echo', data: { n: 0 } });
    client.send({ id: 7, action: 'echo', data: { n: 1 } });
    client.send({ id: 8, action: 'nothing' });
    expect((await client.received(3)).slice(1)).toEqual([
      { id: 7, ok: true, data: { n: 1 } },
      { id: 8, ok: true, data: {} },
    ]);
  });

  it('begin in the order sent, the next when the one before was accepted or is done', async () => {
    const heldById = new Map<unknown, PromiseWithResolvers<undefined>>();
    const { dial, ran } = await startGateway({
      async run(_session, { id, action }, control) {
        if (action === 'accepts') control.accepted();
        const held = Promise.withResolvers<undefined>();
        heldById.set(id, held);
        await held.promise;
        return {};
      },
    });
    const client = await dial().connect();
    for (const [id, action] of [
      [2, 'accepts'],
      [3, 'slow'],
      [4, 'slow'],
    ])
      client.send({ id, action });
    await untilTrue(() => ran.length === 2);
    await settled();
    expect(ran.map(({ id }) => id)).toEqual([2, 3]);
    heldById.get(3)?.resolve(undefined);
    await untilTrue(() => ran.length === 3);
    heldById.get(2)?.resolve(undefined);
    heldById.get(4)?.resolve(undefined);
    expect((await client.received(4)).slice(1).map(({ id }) => id)).toEqual([3, 2, 4]);
  });

  it('are carried out at once when they wait for nothing, but not past an earlier one', async () => {
    const held = Promise.withResolvers<undefined>();
    const { dial, ran } = await startGateway({
      run: () => held.promise,
      runNow: (_session, { action }) => action === 'ack',
    });
    const client = await dial().connect();
    client.send({ action: 'ack', data: { n: 1 } });
    client.send({ action: 'page', data: {} });
    client.send({ action: 'ack', data: { n: 2 } });
    await untilTrue(() => ran.length === 2);
    await settled();
    expect(ran.map(({ action }) => action)).toEqual(['ack', 'page']);
    held.resolve(undefined);
    await untilTrue(() => ran.length === 3);
    expect(ran.at(-1)).toMatchObject({ action: 'ack', data: { n: 2 } });
  });

  it('keep answers and events in the order in which they were sent', async () => {
    const { dial } = await startGateway({
      async run(session, { data }) {
        session.outlet.send(event({ before: data['n'] }));
        return data;
      },
    });
    const client = await dial().connect();
    for (let n = 0; n < 20; n += 1) client.send({ id: n + 2, action: 'x', data: { n } });
    const frames = (await client.received(41)).slice(1);
    expect(frames.map((frame) => ('id' in frame ? frame['id'] : frame['data']))).toEqual(
      Array.from({ length: 20 }, (_, n) => [{ before: n }, n + 2]).flat(),
    );
  });

  it('send what follows their answer after it, also where no answer was wanted', async () => {
    const { dial } = await startGateway({
      run: async (_session, { data }) => data,
      after: (session, { data }) => session.outlet.send(event({ after: data['n'] })),
    });
    const client = await dial().connect();
    client.send({ id: 2, action: 'x', data: { n: 1 } });
    client.send({ action: 'x', data: { n: 2 } });
    const frames = (await client.received(4)).slice(1);
    expect(frames.map(({ id, data }) => [id, data])).toEqual([
      [2, { n: 1 }],
      [undefined, { after: 1 }],
      [undefined, { after: 2 }],
    ]);
  });

  it('answer what was thrown; a defect as internal, with a line in the log', async () => {
    const { dial, log } = await startGateway({
      async run(_session, { action }) {
        if (action === 'defect') throw new TypeError('x is not a function');
        throw new BelfryError('feature_disabled');
      },
    });
    const client = await dial().connect();
    client.send({ id: 2, action: 'forbidden' });
    client.send({ id: 3, action: 'defect' });
    await client.received(3);
    expect(errorsOf(client)).toEqual(['feature_disabled', 'internal']);
    expect(log.of('error')).toEqual(['command failed']);
    expect(JSON.stringify(client.frames)).not.toContain('not a function');
  });

  it('are answered with the path when they cannot be read, and the third within a minute closes 4500', async () => {
    const { dial } = await startGateway();
    const client = await dial().connect();
    client.send('[]');
    client.send('{"id":5,"action":"x","data":{"a":{"__proto__":1}}}');
    expect((await client.received(3))[2]).toMatchObject({
      id: 5,
      ok: false,
      error: { path: ['data', 'a', '__proto__'] },
    });
    client.send('{"id":6,"action":1}');
    expect(await client.close()).toBe(4500);
    expect(errorsOf(client)).toEqual(['bad_request', 'bad_request', 'bad_request']);
  });

  it('above the rate are refused with a wait, and a client that keeps on for 10 s is closed with 4006', async () => {
    const clock = createVirtualClock();
    const { dial, ran, metrics } = await startGateway({ clock, limits: { commandBurst: 5, commandsPerSecond: 1 } });
    const client = await dial().connect();
    const sendOne = async (): Promise<void> => {
      const expected = client.frames.length + 1;
      client.send({ id: expected, action: 'heartbeat' });
      await client.received(expected);
    };
    for (let n = 0; n < 5; n += 1) await sendOne();
    expect(ran).toHaveLength(4);
    expect(client.frames.at(-1)).toMatchObject({ error: { code: 'rate_limited', retry: 'after', afterMs: 1000 } });
    for (let n = 0; n < 20 && client.closedWith === undefined; n += 1) {
      await clock.advance(501);
      await sendOne();
      await sendOne();
    }
    expect(await client.close()).toBe(4006);
    expect(metrics.value('refused_total', ['rate_limited'])).toBeGreaterThan(10);
  });

  it('stop being read when too many wait, and none is lost', async () => {
    const held = Promise.withResolvers<undefined>();
    const { dial, ran } = await startGateway({
      limits: { commandBurst: 10_000 },
      run: async () => {
        await held.promise;
        return {};
      },
    });
    const client = await dial().connect();
    for (let n = 0; n < 1000; n += 1) client.send({ id: n + 2, action: 'x', data: { text: 'x'.repeat(5000) } });
    await untilTrue(() => ran.length === 1);
    held.resolve(undefined);
    expect((await client.received(1001)).slice(1).map(({ id }) => id)).toEqual(
      Array.from({ length: 1000 }, (_, n) => n + 2),
    );
  });
});
