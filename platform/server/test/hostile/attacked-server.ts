// A whole server with bystanders in it, and the way to do something bad to it and then to check that nothing
// else happened.

import { setTimeout as pause } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
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

/**
 * With `npm run test:hostile -- --repeat`: rows are run a thousand times, and the memory is looked at as
 * well.
 */
export const isLong = process.env['HOSTILE_REPEAT'] === 'yes';
const repetitions = isLong ? 1000 : 20;
const warmUp = 200;
/**
 * Half a KB for each of 800 repetitions. Caches fill, so one stretch may leave more; what leaks leaves it
 * each time.
 */
const grownBytes = 400_000;
const mostStretches = 5;

export interface Row {
  name: string;
  /** Does it once, and expects the answer. */
  run(attacked: AttackedServer): Promise<void>;
  /** The number of times; a cheap row is run many times by default. */
  times?: number;
  /** The number at a time; one by default. For rows that mostly wait. */
  atOnce?: number;
  /** Rows that the store keeps of it, by table, each time it is run. None by default. */
  stores?: Readonly<Record<string, number>>;
  /**
   * Actions of events that the bystander in the attacked app receives, each time it is run. None by default.
   */
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
  /** Of `demo` where no key of another app is given. */
  makeKnown(userId: string, key?: string): Promise<void>;
  /** Waits until everything that prepared the rows is written. */
  settled(): Promise<void>;
  /** Runs a row as often as it is to be run, and expects that nothing else happened. */
  withstand(row: Row): Promise<void>;
  stop(): Promise<void>;
}

interface OpenSockets {
  sockets: number;
  connections: number;
}

/**
 * Bystanders: one in the attacked app, who is to hear nothing, and two in another, who talk all the while.
 */
const nobodysMessage = '018f0000-0000-7000-8000-000000000000';

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
      ...options.app,
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
  for (const userId of ['mallory', 'witness', 'sluggard']) await makeKnown(userId);
  await makeKnown('single', keys.small);
  const talkers = [await tokenFor('alice', keys.calm), await tokenFor('bob', keys.calm)] as const;
  const talk = await startSmallTalk(url, { app: 'calm', tokens: talkers });
  const witness = await RawWebSocket.connected(url, { token: await tokenOf('witness') });
  // As a client does, so that it is not taken for gone.
  const beating = setInterval(() => witness.send('heartbeat'), 1000);
  const rows = await openRowCounts(whole, ['demo', 'strict', 'closed', 'small']);
  await settled();

  async function putConversation(id: string, userIds: readonly string[], key: string): Promise<void> {
    const participants = userIds.map((userId) => ({ userId }));
    const { status } = await api('PUT', `/conversations/${id}`, { participants }, { authorization: `Bearer ${key}` });
    if (status > 299) throw new Error(`no conversation: ${status}`);
  }

  /** A user who is known has their rows already, so that none appears while rows are counted. */
  async function makeKnown(userId: string, key: string = keys.demo): Promise<void> {
    const { status } = await api('PUT', `/users/${userId}`, { locale: 'en' }, { authorization: `Bearer ${key}` });
    if (status > 299) throw new Error(`no user: ${status}`);
  }

  /** WebSockets, and TCP connections with the one that asks. */
  async function openSockets(): Promise<OpenSockets> {
    const { text } = await call('/metrics');
    const read = (name: string): number => Number(new RegExp(`^belfry_${name} (\\d+)$`, 'm').exec(text)?.[1]);
    return { sockets: read('sockets'), connections: read('tcp_connections') };
  }

  /** Waits until there are as few as before. The test's own time limit bounds the wait. */
  async function allClosed(before: OpenSockets): Promise<void> {
    for (;;) {
      const { sockets, connections } = await openSockets();
      if (sockets <= before.sockets && connections <= before.connections) return;
      await pause(10);
    }
  }

  /**
   * Nothing is on its way to the store any more: acknowledgements are written every 200 ms, and records
   * for the journey, which may wait for longer than a second, before any journey is read.
   */
  async function settled(): Promise<void> {
    for (let before = ''; ;) {
      await api('GET', `/messages/${nobodysMessage}/journey`);
      const now = JSON.stringify(await rows.read());
      if (now === before) break;
      before = now;
      await pause(500);
    }
    await witness.ask('heartbeat');
  }

  async function repeat({ name, run, times = repetitions, atOnce = 1 }: Row, open: OpenSockets): Promise<number> {
    const runUpTo = async (from: number, to: number): Promise<void> => {
      for (let done = from; done < to; done += atOnce)
        await Promise.all(Array.from({ length: Math.min(atOnce, to - done) }, () => run(attacked)));
    };
    if (!isLong || times <= warmUp) {
      await runUpTo(0, times);
      return times;
    }
    await runUpTo(0, warmUp);
    let done = warmUp;
    let grown = Infinity;
    for (let stretch = 1; stretch <= mostStretches && grown >= grownBytes; stretch += 1) {
      await letGo(open);
      const before = await usedBytes();
      await runUpTo(done, done + times - warmUp);
      done += times - warmUp;
      await letGo(open);
      grown = (await usedBytes()) - before;
      console.log(`${name}: ${Math.round(grown / 1000)} KB more`);
    }
    expect(grown, 'bytes that stay of each stretch').toBeLessThan(grownBytes);
    return done;
  }

  /** Everything that this process holds for connections that are about to end, and for these tests alone. */
  async function letGo(open: OpenSockets): Promise<void> {
    await allClosed(open);
    await talk.check();
    expectNoErrors();
    whole.forgetLines();
  }

  function expectNoErrors(): void {
    expect(whole.lines.filter(({ level }) => level === 'error')).toEqual([]);
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
    makeKnown,
    settled,
    async withstand(row) {
      const before = await rows.read();
      const open = await openSockets();
      const heard = witness.frames.length;
      const times = await repeat(row, open);
      await allClosed(open);
      const expected = Object.entries(before).map(([table, count]) => [
        table,
        count + times * (row.stores?.[table] ?? 0),
      ]);
      // The tidying behind a client that has gone takes a moment.
      await expect.poll(() => rows.read(), { timeout: 10_000 }).toEqual(Object.fromEntries(expected));
      // Everything that was sent to the bystander before this is answered has come.
      await witness.ask('heartbeat');
      const received = witness.frames.slice(heard).filter(({ action }) => action !== undefined);
      const tells = row.tells ?? [];
      expect(received.map(({ action }) => action)).toEqual(Array.from({ length: times }, () => tells).flat());
      expectNoErrors();
      await talk.check();
    },
    async stop() {
      clearInterval(beating);
      await talk.stop();
      await witness.end();
      await rows.close();
      await whole.stop();
    },
  };
  return attacked;
}

/**
 * The memory in use after collections, with time in between to release what they freed. Without compiled
 * code, which V8 drops and makes again as it likes: a megabyte more or less.
 */
async function usedBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round += 1) {
    collect();
    await pause(100);
  }
  const data = getHeapSpaceStatistics().filter(({ space_name: name }) => !/code|trusted/.test(name));
  return data.reduce((sum, { space_used_size: bytes }) => sum + bytes, process.memoryUsage().external);
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
