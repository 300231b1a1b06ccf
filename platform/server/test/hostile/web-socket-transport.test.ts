// The answers to bytes and upgrades of a WebSocket that are not right (docs/bad-input.md, the first table),
// one row a test. Slow rows are in slow-peers.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys, startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { RawSocket } from './raw-socket.ts';
import {
  frameOf,
  opcodes,
  RawWebSocket,
  refusedUpgrade,
  upgradeOf,
  type FrameParts,
  type UpgradeParts,
} from './raw-web-socket.ts';

let attacked: AttackedServer;
beforeAll(async () => {
  attacked = await startAttackedServer();
});
afterAll(() => attacked.stop());

const { continuation, text, binary, close, ping } = opcodes;
const tooBig = 'x'.repeat(65_537);

/** Sent by a client that has connected, and by one that has not: both get the same. */
function closesWith(code: number, ...frames: readonly FrameParts[]): Row['run'] {
  return async ({ url, connected }) => {
    for (const client of [await RawWebSocket.open(url), await connected()]) {
      client.socket.write(Buffer.concat(frames.map(frameOf)));
      expect(await client.closed()).toBe(code);
    }
  };
}

function refusesUpgrade(status: number, parts: UpgradeParts, code?: string): Row['run'] {
  return async ({ url }) => {
    const answer = await refusedUpgrade(url, parts);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    const problem = JSON.parse(answer.text) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, ...(code === undefined ? {} : { code }) });
  };
}

const frames: readonly Row[] = [
  { name: 'an unmasked frame', run: closesWith(1002, { payload: '{}', isMasked: false }) },
  { name: 'RSV1 set, as of a compressed message', run: closesWith(1002, { payload: '{}', reserved: 4 }) },
  { name: 'RSV2 set', run: closesWith(1002, { payload: '{}', reserved: 2 }) },
  { name: 'RSV3 set', run: closesWith(1002, { payload: '{}', reserved: 1 }) },
  { name: 'a reserved opcode of data', run: closesWith(1002, { opcode: 3, payload: '{}' }) },
  { name: 'a reserved opcode of control', run: closesWith(1002, { opcode: 11 }) },
  { name: 'a continuation of nothing', run: closesWith(1002, { opcode: continuation, payload: 'x' }) },
  {
    name: 'a new message inside of another',
    run: closesWith(1002, { payload: '{', isFinal: false }, { opcode: text, payload: '}' }),
  },
  { name: 'a ping over 125 bytes', run: closesWith(1002, { opcode: ping, payload: 'x'.repeat(126) }) },
  { name: 'a close over 125 bytes', run: closesWith(1002, { opcode: close, payload: 'x'.repeat(126) }) },
  { name: 'a fragmented ping', run: closesWith(1002, { opcode: ping, payload: 'x', isFinal: false }) },
  { name: 'a fragmented close', run: closesWith(1002, { opcode: close, isFinal: false }) },
  { name: 'a close of one byte', run: closesWith(1002, { opcode: close, payload: Buffer.of(3) }) },
  {
    name: 'a close with a code that nobody may send',
    run: closesWith(1002, { opcode: close, payload: Buffer.of(3, 237) }),
  },
  { name: 'text that is no UTF-8', run: closesWith(1007, { payload: Buffer.of(0x22, 0xff, 0xfe, 0x22) }) },
  { name: 'an overlong encoding', run: closesWith(1007, { payload: Buffer.of(0xc0, 0xaf) }) },
  { name: 'half of a surrogate pair', run: closesWith(1007, { payload: Buffer.of(0xed, 0xa0, 0x80) }) },
  {
    name: 'text that stops being UTF-8 in a later fragment',
    run: closesWith(1007, { payload: '"a', isFinal: false }, { opcode: continuation, payload: Buffer.of(0xe4, 0xbd) }),
  },
  {
    name: 'a reason of the close that is no UTF-8',
    run: closesWith(1007, { opcode: close, payload: Buffer.of(3, 232, 0xff) }),
  },
  { name: 'a message over 64 KiB', run: closesWith(1009, { payload: tooBig }) },
  { name: 'a message of which only the head came, over 64 KiB', run: closesWith(1009, { declaredBytes: 65_537n }) },
  { name: 'a message that says it is 4 EiB', run: closesWith(1009, { declaredBytes: 2n ** 62n }) },
  { name: 'a message whose length has its first bit set', run: closesWith(1009, { declaredBytes: 2n ** 63n }) },
  {
    name: 'fragments that together are over 64 KiB',
    run: closesWith(
      1009,
      { payload: 'x'.repeat(40_000), isFinal: false },
      { opcode: continuation, payload: 'x'.repeat(40_000), isFinal: false },
    ),
  },
  {
    name: 'over 64 fragments',
    run: closesWith(
      1008,
      { payload: '{', isFinal: false },
      ...Array.from({ length: 64 }, () => ({ opcode: continuation, payload: ' ', isFinal: false })),
    ),
  },
  {
    name: 'over 64 empty fragments',
    run: closesWith(
      1008,
      { payload: '', isFinal: false },
      ...Array.from({ length: 64 }, () => ({ opcode: continuation, isFinal: false })),
    ),
  },
  { name: 'a binary frame', run: closesWith(1003, { opcode: binary, payload: '{}' }) },
  { name: 'an empty binary frame', run: closesWith(1003, { opcode: binary }) },
  {
    name: 'an offer to compress is not taken, so there is nothing to blow up',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write(
        upgradeOf({ headers: { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' } }),
      );
      const head = await socket.head();
      expect([head?.status, head?.headers['sec-websocket-extensions']]).toEqual([101, undefined]);
      await socket.destroy();
    },
  },
];

const beforeConnect: readonly Row[] = [
  ...['message', 'heartbeat', 'auth', 'ack', 'nonsense'].map((action) => ({
    name: `${action} before connect`,
    async run({ url }: AttackedServer) {
      const client = await RawWebSocket.open(url);
      client.send(action, {}, 1);
      expect(await client.closed()).toBe(4500);
    },
  })),
  ...['no JSON', '[]', '"connect"', '{"action":1}', ''].map((payload) => ({
    name: `${JSON.stringify(payload)} before connect`,
    async run({ url }: AttackedServer) {
      const client = await RawWebSocket.open(url);
      client.text(payload);
      expect(await client.closed()).toBe(4500);
    },
  })),
  {
    name: 'a second connect',
    async run({ connected, tokenOf }) {
      const client = await connected();
      const device = { id: 'raw-desktop', type: 'desktop' };
      client.send('connect', { token: await tokenOf('mallory'), page: '/chat', device }, 2);
      expect(await client.closed()).toBe(4500);
    },
  },
  {
    name: 'two connects at once',
    async run({ url, tokenOf }) {
      const client = await RawWebSocket.open(url);
      const data = { token: await tokenOf('mallory'), page: '/chat', device: { id: 'd', type: 'desktop' } };
      client.send('connect', data, 1);
      client.send('connect', data, 2);
      expect(await client.closed()).toBe(4500);
    },
  },
  {
    name: 'a page that is disabled',
    async run({ url, tokenOf }) {
      const client = await RawWebSocket.open(url);
      const device = { id: 'd', type: 'desktop' };
      client.send('connect', { token: await tokenOf('mallory'), page: '/login', device }, 1);
      expect(await client.closed()).toBe(4503);
    },
  },
  {
    name: 'a page that wants a user, without a token',
    async run({ url }) {
      const client = await RawWebSocket.open(url);
      client.send('connect', { page: '/chat', device: { id: 'd', type: 'desktop' } }, 1);
      expect(await client.closed()).toBe(4501);
    },
  },
];

const upgrades: readonly Row[] = [
  { name: 'an old version', run: refusesUpgrade(426, { headers: { 'sec-websocket-version': '8' } }) },
  { name: 'no version', run: refusesUpgrade(426, { headers: { 'sec-websocket-version': undefined } }) },
  { name: 'no key', run: refusesUpgrade(400, { headers: { 'sec-websocket-key': undefined } }, 'bad_request') },
  { name: 'a short key', run: refusesUpgrade(400, { headers: { 'sec-websocket-key': 'AAAA' } }, 'bad_request') },
  { name: 'a key that is no base64', run: refusesUpgrade(400, { headers: { 'sec-websocket-key': '!'.repeat(24) } }) },
  { name: 'POST', run: refusesUpgrade(405, { method: 'POST' }, 'method_not_allowed') },
  { name: 'PUT', run: refusesUpgrade(405, { method: 'PUT' }, 'method_not_allowed') },
  { name: 'an upgrade to something else', run: refusesUpgrade(426, { headers: { upgrade: 'h2c' } }) },
  { name: 'no upgrade at all', run: refusesUpgrade(426, { headers: { upgrade: undefined, connection: 'close' } }) },
  {
    name: 'a POST that wants no upgrade',
    run: refusesUpgrade(405, { method: 'POST', headers: { upgrade: undefined } }),
  },
  { name: 'another path', run: refusesUpgrade(404, { target: '/elsewhere?app=demo' }, 'not_found') },
  { name: 'an unknown app', run: refusesUpgrade(401, { target: '/ws?app=nobody' }, 'unauthorized') },
  { name: 'no app', run: refusesUpgrade(401, { target: '/ws' }, 'unauthorized') },
  { name: 'an app of 4,000 letters', run: refusesUpgrade(401, { target: `/ws?app=${'a'.repeat(4000)}` }) },
  { name: 'an app that is no text', run: refusesUpgrade(401, { target: '/ws?app=%00%ff' }, 'unauthorized') },
  { name: 'a disabled app', run: refusesUpgrade(403, { target: '/ws?app=closed' }, 'page_disabled') },
  ...[
    'https://evil.example',
    'null',
    'https://app.example.evil.example',
    'https://evilapp.example',
    'https://app.example.',
    'https://app.example:443',
    'http://app.example',
    'https://APP.example',
    'https://app.example/',
    'https://app.example, https://evil.example',
    '',
  ].map((origin) => ({
    name: `the origin ${JSON.stringify(origin)}, which is not on the list`,
    run: refusesUpgrade(403, { target: '/ws?app=strict', headers: { origin } }, 'forbidden'),
  })),
  ...[undefined, 'https://app.example', 'https://app.example:8443'].map((origin) => ({
    name: `${origin ?? 'no origin'} is let in`,
    async run({ url }: AttackedServer) {
      const client = await RawWebSocket.open(url, { target: '/ws?app=strict', headers: { origin } });
      await client.end();
    },
  })),
  {
    name: 'no subprotocol is let in',
    async run({ url }) {
      const client = await RawWebSocket.open(url, { headers: { 'sec-websocket-protocol': undefined } });
      await client.end();
    },
  },
  {
    name: 'a subprotocol that is not spoken here is refused',
    async run({ url }) {
      const client = await RawWebSocket.open(url, { headers: { 'sec-websocket-protocol': 'belfry.v9' } });
      expect(await client.closed()).toBe(4506);
    },
  },
  {
    name: 'bytes after the upgrade that are no frame',
    async run({ url }) {
      const client = await RawWebSocket.open(url);
      client.socket.write('GET / HTTP/1.1\r\n\r\n');
      expect(await client.closed()).toBe(1002);
    },
  },
  {
    name: 'an upgrade whose client is gone before the answer',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write(upgradeOf());
      await socket.destroy();
    },
  },
  {
    name: 'no HTTP at all',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      socket.write('\u0016\u0003\u0001 this is no HTTP\r\n\r\n');
      expect((await socket.answer())?.status).toBe(400);
      await socket.destroy();
    },
  },
];

const crowds: readonly Row[] = [
  {
    name: 'more sockets of one address than may wait for their connect',
    times: 1,
    async run({ url, connected }) {
      // Clients that have connected do not count, and those that have not take up all there are.
      const known = await connected();
      const waiting = await Promise.all(Array.from({ length: 50 }, () => RawWebSocket.open(url)));
      const answer = await refusedUpgrade(url, {});
      expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
      await Promise.all([known, ...waiting].map((client) => client.end()));
    },
  },
  {
    name: 'more connections of a user than they may have: the oldest of the device goes',
    times: 1,
    async run({ connected }) {
      const clients: RawWebSocket[] = [];
      for (let count = 0; count < 21; count += 1) clients.push(await connected());
      const [oldest, ...others] = clients;
      expect(await oldest?.closed()).toBe(4504);
      await Promise.all(others.map(async (client) => expect(await client.codeOf('heartbeat')).toBe('ok')));
      await Promise.all(others.map((client) => client.end()));
    },
  },
  {
    name: 'more connections of a user than they may have, from a device that has none',
    times: 1,
    async run({ url, connected, tokenOf }) {
      const token = await tokenOf('mallory');
      const clients: RawWebSocket[] = [];
      for (let count = 0; count < 20; count += 1) clients.push(await connected());
      const another = await RawWebSocket.open(url);
      const answer = await another.introduce({ token, deviceType: 'mobile' });
      expect(answer.error).toMatchObject({ code: 'too_many', retry: 'never' });
      expect(await another.closed()).toBe(4504);
      await Promise.all(clients.map((client) => client.end()));
    },
  },
  {
    name: 'more connections than the app may have',
    async run({ url, api }) {
      const authorization = `Bearer ${keys.small}`;
      const { body } = await api('POST', '/tokens', { userId: 'single' }, { authorization });
      const parts = { target: '/ws?app=small' };
      // The connection of the time before may still be on its way out.
      const first = await untilConnected(() => RawWebSocket.connected(url, { token: String(body['token']) }, parts));
      const second = await RawWebSocket.open(url, parts);
      expect(await second.closed()).toBe(4504);
      await first.end();
    },
  },
];

async function untilConnected(connect: () => Promise<RawWebSocket>): Promise<RawWebSocket> {
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!String(error).includes('4504')) throw error;
    }
  }
}

describe.each([
  ['a frame', frames],
  ['a first frame', beforeConnect],
  ['an upgrade', upgrades],
  ['a crowd', crowds],
] as const)('%s', (_what, rows) => {
  test.each(rows)('$name', (row) => attacked.withstand(row));
});
