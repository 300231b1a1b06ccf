// A whole server with bystanders in it, and the way to do something bad to it and then to look whether anything else happened.

import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { apiKey } from '../support/provision.ts';
import { startWholeServer, type WholeServer, type WholeServerOptions } from '../support/whole-server.ts';
import { callOnce, type Call, type CallAnswer } from './http-call.ts';
import { RawWebSocket } from './raw-web-socket.ts';
import { openRowCounts } from './row-counts.ts';
import { startSmallTalk } from './small-talk.ts';

export const keys = {
  demo: apiKey,
  reader: 'bk_reader_0123456789abcdef0123456789abcdef',
  calm: 'bk_calm_0123456789abcdef0123456789abcdef',
  strict: 'bk_strict_0123456789abcdef0123456789abcdef',
  small: 'bk_small_0123456789abcdef0123456789abcdef',
} as const;

export const signingSecret = 'at-least-32-bytes-of-text-to-sign-tokens-with';

/** 1,000 with `npm run test:hostile -- --repeat`, and then the memory is looked at as well. */
const isLong = process.env['HOSTILE_REPEAT'] === 'yes';
const repetitions = isLong ? 1000 : 20;
const warmUp = 200;
/** What a thousand requests may leave behind: caches that fill, code that is compiled. A leak of 10 KB a request is three times that. */
const grownBytes = 3_000_000;

export interface Row {
  name: string;
  /** Does it once, and expects the answer. */
  run(attacked: AttackedServer): Promise<void>;
  /** How often; a cheap one, by default, many times. */
  times?: number;
  /** What is stored of it, by table, each time it is run. Nothing by default. */
  stores?: Readonly<Record<string, number>>;
  /** Actions of events that the bystander in the attacked app is told, each time it is run. None by default. */
  tells?: readonly string[];
}

export interface AttackedServer {
  readonly url: string;
  readonly whole: WholeServer;
  /** Under `/api/v1`, with the API key of `demo` unless the headers say otherwise. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<CallAnswer>;
  call(target: string, call?: Call): Promise<CallAnswer>;
  /** A token of a user of `demo`. */
  tokenOf(userId: string): Promise<string>;
  /** A connected client of `mallory`, who is in the conversation `common` with the bystander. */
  connected(introduction?: { page?: string; resume?: unknown; userId?: string }): Promise<RawWebSocket>;
  /** Waits until what was done to prepare the rows is all written. */
  settled(): Promise<void>;
  /** Runs a row as often as it is to be run, and expects that nothing else happened. */
  withstand(row: Row): Promise<void>;
  stop(): Promise<void>;
}

/** Bystanders: one in the attacked app, who is to hear nothing, and two in another, who talk all the while. */
export async function startAttackedServer(
  options: WholeServerOptions & { otherApps?: readonly Record<string, unknown>[] } = {},
): Promise<AttackedServer> {
  const whole = await startWholeServer({
    ...options,
    env: { LIMIT_REQUESTS_PER_MINUTE: '1000000', ...options.env },
    app: {
      apiKeys: [
        { id: 'backend', secret: keys.demo, scopes: ['*'] },
        { id: 'reader', secret: keys.reader, scopes: ['messages:read'] },
      ],
    },
    moreTenants: [{ id: 'others', apps: [...otherApps, ...(options.otherApps ?? [])] }],
  });
  const { url } = whole;
  const call: AttackedServer['call'] = (target, given) => callOnce(url, target, given);
  const api: AttackedServer['api'] = (method, path, body, headers = {}) =>
    call(`/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${keys.demo}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const tokenFor = async (userId: string, key: string): Promise<string> => {
    const { status, body } = await api('POST', '/tokens', { userId }, { authorization: `Bearer ${key}` });
    if (status !== 201) throw new Error(`no token: ${status}`);
    return String(body['token']);
  };
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (userId: string): Promise<string> => {
    const known = tokens.get(userId) ?? tokenFor(userId, keys.demo);
    tokens.set(userId, known);
    return known;
  };

  await putConversation('common', ['mallory', 'witness'], keys.demo);
  await putConversation('private', ['witness'], keys.demo);
  await putConversation('small-talk', ['alice', 'bob'], keys.calm);
  // Whoever was signed out once has a row already, so that none appears while rows are counted.
  for (const userId of ['mallory', 'witness', 'sluggard']) await api('POST', `/users/${userId}/sign-out`);
  await api('POST', '/users/single/sign-out', undefined, { authorization: `Bearer ${keys.small}` });
  const talkers = [await tokenFor('alice', keys.calm), await tokenFor('bob', keys.calm)] as const;
  const talk = await startSmallTalk(url, { app: 'calm', tokens: talkers });
  const witness = await RawWebSocket.connected(url, { token: await tokenOf('witness') });
  // As a client does, so that it is not taken for gone.
  const beating = setInterval(() => witness.send('heartbeat'), 1000);
  const rows = openRowCounts(whole.server.dataDir, ['demo', 'strict', 'closed', 'small']);
  await settled();

  async function putConversation(id: string, userIds: readonly string[], key: string): Promise<void> {
    const participants = userIds.map((userId) => ({ userId }));
    const { status } = await api('PUT', `/conversations/${id}`, { participants }, { authorization: `Bearer ${key}` });
    if (status > 299) throw new Error(`no conversation: ${status}`);
  }

  /** WebSockets, and TCP connections with the one that asks. */
  async function openSockets(): Promise<{ sockets: number; connections: number }> {
    const { text } = await call('/metrics');
    const read = (name: string): number => Number(new RegExp(`^belfry_${name} (\\d+)$`, 'm').exec(text)?.[1]);
    return { sockets: read('sockets'), connections: read('tcp_connections') };
  }

  /** As few as before. The test's own time limit bounds the wait. */
  async function allClosed(before: { sockets: number; connections: number }): Promise<void> {
    for (;;) {
      const { sockets, connections } = await openSockets();
      if (sockets <= before.sockets && connections <= before.connections) return;
      await pause(10);
    }
  }

  /** Nothing is on its way to the data file any more: acknowledgements and journeys are written in batches, every 200 ms. */
  async function settled(): Promise<void> {
    for (let before = ''; ;) {
      const now = JSON.stringify(rows.read());
      if (now === before) break;
      before = now;
      await pause(500);
    }
    await witness.ask('heartbeat');
  }

  async function repeat({ run, times = repetitions }: Row): Promise<number> {
    let smallest = 0;
    for (let n = 1; n <= times; n += 1) {
      await run(attacked);
      if (isLong && n === Math.min(warmUp, times)) smallest = await usedBytes();
    }
    if (isLong && times > warmUp) expect((await usedBytes()) - smallest, 'bytes that stay').toBeLessThan(grownBytes);
    return times;
  }

  const attacked: AttackedServer = {
    url,
    whole,
    api,
    call,
    tokenOf,
    async connected({ userId = 'mallory', ...introduction } = {}) {
      return await RawWebSocket.connected(url, { token: await tokenOf(userId), ...introduction });
    },
    settled,
    async withstand(row) {
      const before = rows.read();
      const open = await openSockets();
      const heard = witness.frames.length;
      const lines = whole.lines.length;
      const times = await repeat(row);
      await allClosed(open);
      const expected = Object.entries(before).map(([table, count]) => [
        table,
        count + times * (row.stores?.[table] ?? 0),
      ]);
      expect(rows.read()).toEqual(Object.fromEntries(expected));
      // Everything that was sent to the bystander before this is answered has come.
      await witness.ask('heartbeat');
      const told = witness.frames.slice(heard).filter(({ action }) => action !== undefined);
      const tells = row.tells ?? [];
      expect(told.map(({ action }) => action)).toEqual(Array.from({ length: times }, () => tells).flat());
      expect(whole.lines.slice(lines).filter(({ level }) => level === 'error')).toEqual([]);
      await talk.check();
    },
    async stop() {
      clearInterval(beating);
      await talk.stop();
      await witness.end();
      rows.close();
      await whole.stop();
    },
  };
  return attacked;
}

/** After a collection, so that what counts is what is held. */
async function usedBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) {
    collect();
    await pause(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const chatPage = {
  pattern: '/chat',
  enabled: true,
  requireAuth: true,
  autoConnect: true,
  connectionType: 'chat',
  features: ['messaging'],
};

function app(key: keyof typeof keys | 'closed', more: Record<string, unknown> = {}): Record<string, unknown> {
  const secret = key === 'closed' ? 'bk_closed_0123456789abcdef0123456789abcdef' : keys[key];
  return {
    key,
    signingSecret: `${signingSecret}-${key}`,
    apiKeys: [{ id: key, secret, scopes: ['*'] }],
    pages: [chatPage],
    ...more,
  };
}

const otherApps = [
  app('calm'),
  app('strict', { allowedOrigins: ['https://app.example', 'https://app.example:8443'] }),
  app('closed', { disabled: true }),
  app('small', { limits: { connections: 1 } }),
];
