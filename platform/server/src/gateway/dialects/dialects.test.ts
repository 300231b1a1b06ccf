// Connections of several protocols live on one gateway, each in its own words, with bytes that are made once
// for each protocol.
import { BelfryError, isBelfryError } from '@belfry/protocol';
import { describe, expect, it, vi } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { event, startGateway, untilTrue, upgradeLines, type TestClient } from '../test/gateway.fixture.ts';
import { textFrame } from '../writing/frame.ts';
import { belfry } from './belfry.ts';
import type { Dialect } from './dialect.ts';

const write = (...words: unknown[]): Buffer => textFrame(JSON.stringify(words));

/**
 * Frames are `[action, data]`, answers `['done', action, data]`. There are no ids; events about the
 * laboratory are not shown.
 */
const toy: Dialect = {
  subprotocol: undefined,
  appKeyOf: (path) => /^\/toy\/(\w+)$/.exec(path)?.[1],
  read(text) {
    const words = JSON.parse(text) as unknown;
    if (!Array.isArray(words)) return { ok: false, error: new BelfryError('bad_request') };
    return { ok: true, frame: { action: String(words[0]), data: words[1] } };
  },
  answer: ({ action }, data) => (action === 'hush' ? undefined : write('done', action, data)),
  error: ({ action }, error) => write('failed', action ?? null, isBelfryError(error) ? error.code : 'internal'),
  event: ({ action, data }) => (action === 'lab_result' ? undefined : write('event', action, data)),
  ping: write('there?'),
};

async function setUp(options: Parameters<typeof startGateway>[0] = {}) {
  const made = { belfry: vi.fn(belfry.event), toy: vi.fn(toy.event) };
  const dialects = [
    { ...belfry, event: made.belfry },
    { ...toy, event: made.toy },
  ];
  const gateway = await startGateway({ dialects, ...options });
  const dialToy = async (userId: string): Promise<TestClient> => {
    const client = await gateway.dial('/toy/demo', { protocols: [] }).open();
    client.send(['connect', { token: userId }]);
    await client.received(1);
    return client;
  };
  return { ...gateway, made, dialToy };
}

const announcement = (n: number) => event({ n }, 'announcement');

describe('two dialects on one gateway', () => {
  it('get the same event each in its own form, made once for all connections of each', async () => {
    const { dial, dialToy, opened, made } = await setUp();
    const own = [await dial().connect('u1'), await dial().connect('u2')];
    const others = [await dialToy('u3'), await dialToy('u4'), await dialToy('u5')];
    for (const n of [1, 2]) {
      const encoded = announcement(n);
      for (const { outlet } of opened) outlet.send(encoded);
    }
    for (const client of own) {
      const frames = (await client.received(3)).slice(1);
      expect(frames).toMatchObject([
        { action: 'announcement', data: { n: 1 } },
        { action: 'announcement', data: { n: 2 } },
      ]);
    }
    for (const client of others) {
      expect((await client.received(3)).slice(1)).toEqual([
        ['event', 'announcement', { n: 1 }],
        ['event', 'announcement', { n: 2 }],
      ]);
    }
    expect([made.belfry.mock.calls.length, made.toy.mock.calls.length]).toEqual([2, 2]);
  });

  it('are not sent what they do not show, which is found out once', async () => {
    const { dial, dialToy, opened, made } = await setUp();
    const own = await dial().connect('u1');
    const others = [await dialToy('u2'), await dialToy('u3')];
    const [hidden, shown] = [event({ n: 1 }), announcement(2)];
    for (const encoded of [hidden, shown]) for (const { outlet } of opened) outlet.send(encoded);
    expect(await own.received(3)).toMatchObject([{ id: 1 }, { action: 'lab_result' }, { action: 'announcement' }]);
    for (const client of others) expect((await client.received(2))[1]).toEqual(['event', 'announcement', { n: 2 }]);
    expect(made.toy).toHaveBeenCalledTimes(2);
  });

  it('read, answer and refuse commands in their own words', async () => {
    const { dialToy } = await setUp({
      async run(_session, { action, data }) {
        if (action === 'defect') throw new TypeError('x is not a function');
        return data;
      },
    });
    const client = await dialToy('u1');
    for (const action of ['hush', 'echo', 'defect']) client.send([action, { n: 1 }]);
    await client.received(3);
    client.send({});
    expect(await client.received(4)).toEqual([
      ['done', 'connect', { connectionId: expect.any(String) }],
      ['done', 'echo', { n: 1 }],
      ['failed', 'defect', 'internal'],
      ['failed', null, 'bad_request'],
    ]);
  });

  it('are chosen by the target of the upgrade, and any subprotocol will do where a dialect names none', async () => {
    const { dial, raw } = await setUp();
    expect((await dial('/toy/nobody').open()).refused?.status).toBe(401);
    expect((await dial('/toy/').open()).refused?.status).toBe(404);
    expect((await dial('/toy/demo', { protocols: ['anything'] }).open()).ws.protocol).toBe('anything');
    const { received, socket } = raw(upgradeLines({}, 'GET /toy/demo'));
    await untilTrue(() => received().includes('101 Switching Protocols'));
    socket.destroy();
  });
});

describe('a client that has been silent for a heartbeat interval', () => {
  it('is pinged once an interval where its dialect has a ping, and closed when it never answers', async () => {
    const clock = createVirtualClock();
    const { dial, dialToy } = await setUp({ clock, heartbeatIntervalMs: 20_000 });
    const [own, other] = [await dial().connect('u1'), await dialToy('u2')];
    await clock.advance(19_000);
    expect(other.frames).toHaveLength(1);
    await clock.advance(6000);
    expect((await other.received(2))[1]).toEqual(['there?']);
    await clock.advance(12_000);
    expect(other.frames).toHaveLength(2);
    await clock.advance(13_000);
    expect([await own.close(), await other.close()]).toEqual([4003, 4003]);
    expect(own.frames).toHaveLength(1);
    expect(other.frames.slice(1)).toEqual([['there?'], ['there?']]);
  });

  it('is not pinged, nor closed, while it says something in time', async () => {
    const clock = createVirtualClock();
    const { dialToy } = await setUp({ clock, heartbeatIntervalMs: 20_000 });
    const client = await dialToy('u1');
    for (let n = 1; n <= 4; n += 1) {
      await clock.advance(15_000);
      client.send(['echo', {}]);
      await client.received(n + 1);
    }
    expect(client.closedWith).toBeUndefined();
    expect(client.frames.slice(1)).toEqual(Array.from({ length: 4 }, () => ['done', 'echo', {}]));
  });
});
