// The treatment of peers that are slow, silent or greedy, by a server whose limits are a fraction of the
// defaults, so that a test need not wait.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLong, keys, startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { RawSocket } from './raw-socket.ts';
import { opcodes, RawWebSocket, upgradeOf } from './raw-web-socket.ts';

let attacked: AttackedServer;
beforeAll(async () => {
  attacked = await startAttackedServer({
    env: {
      LIMIT_REQUEST_DEADLINE_MS: '400',
      LIMIT_CONNECT_DEADLINE_MS: '400',
      LIMIT_COMMAND_OVERRUN_MS: '300',
      LIMIT_SEND_TOO_SLOW_MS: '1000',
      WS_HEARTBEAT_INTERVAL: '1000',
    },
  });
});
afterAll(() => attacked.stop());

const head = `PUT /api/v1/conversations/never HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.demo}\r\ncontent-type: application/json\r\n`;

/** Sends what there is of a request, then a byte now and then, until it is answered. */
function timesOut(text: string, drip = ''): Row['run'] {
  return async ({ url }) => {
    const socket = await RawSocket.open(url);
    socket.write(text);
    const dripping = drip === '' ? undefined : setInterval(() => socket.write(drip), 50);
    const answer = await socket.answer();
    clearInterval(dripping);
    expect(answer?.status).toBe(408);
    await socket.destroy();
  };
}

const rows: readonly Row[] = [
  { name: 'half of a request line', run: timesOut('GET /api/v1/con') },
  { name: 'half of the headers', run: timesOut(head) },
  { name: 'headers a byte at a time', run: timesOut(head, 'x') },
  { name: 'half of a body', run: timesOut(`${head}content-length: 100\r\n\r\n{"title":`) },
  { name: 'a body a byte at a time', run: timesOut(`${head}content-length: 100\r\n\r\n`, ' ') },
  { name: 'half of an upgrade', run: timesOut(upgradeOf().slice(0, -4)) },
  {
    name: 'nothing at all',
    async run({ url }) {
      const socket = await RawSocket.open(url);
      // Nobody asked anything, so nobody need be answered; but the connection does not stay.
      expect([undefined, 408]).toContain((await socket.answer())?.status);
      await socket.destroy();
    },
  },
  {
    name: 'no connect in time',
    async run({ url }) {
      const client = await RawWebSocket.open(url);
      expect(await client.closed()).toBe(4502);
    },
  },
  {
    name: 'pings instead of a connect',
    async run({ url }) {
      const client = await RawWebSocket.open(url);
      const pinging = setInterval(() => client.frame({ opcode: opcodes.ping }), 100);
      expect(await client.closed()).toBe(4502);
      clearInterval(pinging);
    },
  },
  {
    name: 'a connect that never ends',
    async run({ url }) {
      const client = await RawWebSocket.open(url);
      client.frame({ payload: '{"id":1,', isFinal: false });
      const dripping = setInterval(
        () => client.frame({ opcode: opcodes.continuation, payload: ' ', isFinal: false }),
        100,
      );
      expect(await client.closed()).toBe(4502);
      clearInterval(dripping);
    },
  },
  {
    name: 'too many commands, kept up',
    atOnce: 4,
    async run({ connected }) {
      const client = await connected();
      const sending = setInterval(() => {
        for (let n = 0; n < 50; n += 1) client.send('heartbeat');
      }, 20);
      expect(await client.closed()).toBe(4006);
      clearInterval(sending);
    },
  },
  {
    name: 'too many pings, kept up',
    atOnce: 4,
    async run({ connected }) {
      const client = await connected();
      const sending = setInterval(() => {
        for (let n = 0; n < 50; n += 1) client.frame({ opcode: opcodes.ping });
      }, 20);
      expect(await client.closed()).toBe(4006);
      clearInterval(sending);
    },
  },
  {
    name: 'a client that never says a word more',
    async run({ connected }) {
      const client = await connected();
      expect(await client.closed()).toBe(4003);
    },
  },
  {
    name: 'a token that ends while its connection stays',
    async run({ url, api }) {
      const { body } = await api('POST', '/tokens', { userId: 'mallory', expiresInSeconds: 3 });
      const client = await RawWebSocket.connected(url, { token: String(body['token']) });
      await client.until(({ action }) => action === 'auth_expiring');
      expect(await client.closed()).toBe(4001);
    },
  },
  {
    name: 'a client that never reads',
    async run({ whole, connected, api, tokenOf, url }) {
      const token = await tokenOf('sluggard');
      const client = await RawWebSocket.connected(url, { token });
      client.socket.pause();
      const data = { title: 'x', body: 'x'.repeat(30_000) };
      const gone = () => whole.lines.find((line) => line.msg === 'connection closed' && line['userId'] === 'sluggard');
      // Bytes in the buffers of both machines' systems are not counted, so it takes some megabytes.
      while (gone() === undefined) {
        const broadcasts = Array.from({ length: 20 }, () => ({
          kind: 'direct',
          audience: { users: ['sluggard'] },
          data,
        }));
        const { status } = await api('POST', '/broadcasts/batch', { broadcasts });
        expect(status).toBe(200);
      }
      expect(gone()?.['code']).toBe(4002);
      client.socket.resume();
      await client.end();
      await (await connected()).end();
    },
  },
];

/**
 * Each waits for a deadline, so in the long form they wait together; fewer than one address may have sockets
 * without a user.
 */
const times = isLong ? 1000 : 1;
const atOnce = 40;

/** Rows of which the store keeps something, which is not what they are about. */
const keeping = new Set(['a client that never reads']);

describe('a slow or silent peer', () => {
  test.each(rows.filter(({ name }) => !keeping.has(name)))('$name', { timeout: isLong ? 600_000 : 40_000 }, (row) =>
    attacked.withstand({ atOnce, ...row, times }),
  );
  test.each(rows.filter(({ name }) => keeping.has(name)))('$name', { timeout: 60_000 }, async (row) => {
    await row.run(attacked);
    await attacked.settled();
    await attacked.withstand({ name: 'nothing', times: 1, run: async () => undefined });
  });
});
