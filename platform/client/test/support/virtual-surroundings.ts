// Surroundings that stand still until a test moves them: clock, sockets, HTTP, storage, visibility, network,
// page. No assertions of its own.
import { createVirtualClock, type VirtualClock } from '../../../server/test/support/virtual-clock.ts';
import type { PagePolicyInput, WirePagePolicy } from '@belfry/protocol';
import type { Surroundings, Unsubscribe } from '../../src/types.ts';
import { ScriptedSocket } from './scripted-socket.ts';

/**
 * Of `/chat`, `/public` (visitors may look), `/by-hand` (no autoConnect), `/login` (off) and every other page
 * (off).
 */
const samplePages: WirePagePolicy[] = [
  samplePolicy({ pattern: '/chat', features: ['messaging', 'typing_indicator', 'read_receipts'] }),
  samplePolicy({ pattern: '/admin', features: ['user_monitoring', 'system_notifications'] }),
  samplePolicy({ pattern: '/public', requireAuth: false, features: ['system_notifications'] }),
  samplePolicy({ pattern: '/by-hand', autoConnect: false, features: ['messaging'] }),
  samplePolicy({ pattern: '/login', enabled: false }),
];

export function samplePolicy(policy: Partial<PagePolicyInput> & { pattern: string; version?: number }): WirePagePolicy {
  return {
    enabled: true,
    requireAuth: true,
    autoConnect: true,
    connectionType: 'default',
    features: [],
    version: 1,
    ...policy,
  };
}

export const sampleSettings = {
  connectionTimeoutMs: 20_000,
  heartbeatIntervalMs: 45_000,
  reconnectBaseMs: 2000,
  reconnectMaxMs: 30_000,
  reconnectMaxAttempts: 15,
};

export interface VirtualSurroundings {
  /** For the options of `createBelfry`. */
  readonly surroundings: Surroundings;
  readonly clock: VirtualClock;
  /** Every socket that was opened, the oldest first. */
  readonly sockets: readonly ScriptedSocket[];
  /** The newest. Throws when none was opened. */
  socket(): ScriptedSocket;
  /** The answer of `GET /pages`; change it at will. `fails` makes it a network error. */
  pages: {
    policies: WirePagePolicy[];
    etag: string;
    client: Partial<typeof sampleSettings & { attendedAfterMs: number }>;
    fails: boolean;
    /** Given instead of the policies. */
    answer?: () => Response;
  };
  /** Every request that was made, as `METHOD url`. */
  readonly requests: readonly { method: string; url: string; headers: Headers; body: unknown }[];
  /** Answers requests other than `GET /pages`; 404 when it gives nothing. */
  answerHttp: (request: { method: string; path: string; headers: Headers; body: unknown }) => Response | undefined;
  /**
   * The content of storage. Give the same one to two surroundings, and they are two tabs, or two page loads.
   */
  readonly stored: Map<string, string>;
  /** Errors that were reported. */
  readonly reported: readonly unknown[];
  /** Chance: always this, until set anew. 0.5 at first. */
  chance: number;
  setVisible(isVisible: boolean): void;
  /** Of the window, when the client starts. True unless set. */
  hasFocus: boolean;
  /** Somebody touches the page. */
  touch(): void;
  goOnline(): void;
  goOffline(): void;
  goTo(path: string): void;
  hidePage(event: 'hide' | 'show'): void;
  /** Listeners that were not taken away. */
  listeners(): number;
}

export function createVirtualSurroundings(
  options: { page?: string; stored?: Map<string, string>; clock?: VirtualClock; origin?: string } = {},
): VirtualSurroundings {
  const clock = options.clock ?? createVirtualClock();
  const stored = options.stored ?? new Map<string, string>();
  const sockets: ScriptedSocket[] = [];
  const requests: VirtualSurroundings['requests'][number][] = [];
  const reported: unknown[] = [];
  const visibility = createListeners();
  const online = createListeners();
  const offline = createListeners();
  const pageListeners = createListeners();
  const pageHide = createListeners();
  const input = new Set<() => void>();
  let isVisible = true;
  let page = options.page ?? '/chat';

  const virtual: VirtualSurroundings = {
    surroundings: {
      openSocket(url, protocol) {
        const socket = new ScriptedSocket(url, protocol);
        sockets.push(socket);
        return socket;
      },
      fetch: (...request) => answer(virtual, requests, request),
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        setTimer(run, delayMs) {
          const timer = clock.after(delayMs, run);
          return () => timer.cancel();
        },
      },
      random: () => virtual.chance,
      origin: options.origin ?? 'https://app.example',
      keyValue: {
        get: (key) => stored.get(key) ?? null,
        set: (key, value) => void stored.set(key, value),
        remove: (key) => void stored.delete(key),
      },
      isVisible: () => isVisible,
      onVisibility: visibility.add,
      onInput(listen) {
        input.add(listen);
        if (virtual.hasFocus) listen();
        return () => void input.delete(listen);
      },
      onOnline: online.add,
      onOffline: offline.add,
      readPage: () => page,
      onPage: (_mode, listen) => pageListeners.add(listen),
      onPageHide: pageHide.add,
      report: (error) => void reported.push(error),
    },
    clock,
    sockets,
    socket() {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error('no socket was opened');
      return socket;
    },
    pages: { policies: samplePages, etag: '"1"', client: {}, fails: false },
    requests,
    answerHttp: () => undefined,
    stored,
    reported,
    chance: 0.5,
    setVisible(next) {
      isVisible = next;
      visibility.emit('show');
    },
    hasFocus: true,
    touch() {
      for (const listen of input) listen();
    },
    goOnline: () => online.emit('show'),
    goOffline: () => offline.emit('show'),
    goTo(path) {
      page = path;
      pageListeners.emit('show');
    },
    hidePage: (event) => pageHide.emit(event),
    listeners: () =>
      visibility.size() + online.size() + offline.size() + pageListeners.size() + pageHide.size() + input.size,
  };
  return virtual;
}

/** Records the request; `GET /pages` is answered here, everything else by the test. */
async function answer(
  virtual: VirtualSurroundings,
  requests: VirtualSurroundings['requests'][number][],
  [input, init = {}]: Parameters<typeof fetch>,
): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input);
  const method = init.method ?? 'GET';
  const headers = new Headers(init.headers);
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : init.body;
  requests.push({ method, url, headers, body });
  const { pathname } = new URL(url);
  const path = pathname.replace(/^.*\/api\/v1/, '');
  if (method !== 'GET' || path !== '/pages')
    return virtual.answerHttp({ method, path, headers, body }) ?? new Response(null, { status: 404 });
  const { policies, etag, client, fails, answer: given } = virtual.pages;
  if (fails) throw new TypeError('fetch failed');
  if (given) return given();
  if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } });
  return Response.json({ pages: policies, client: { ...sampleSettings, ...client } }, { headers: { etag } });
}

/** A token as far as a client can see: its claims are read, its signature is not. */
export function sampleToken(claims: { sub: string; exp?: number; iat?: number }): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256' })}.${part(claims)}.signature`;
}

/** Only `onPageHide` looks at it. */
type PageChange = 'hide' | 'show';

interface Listeners {
  add(listen: (change: PageChange) => void): Unsubscribe;
  emit(change: PageChange): void;
  size(): number;
}

function createListeners(): Listeners {
  const listeners = new Set<(change: PageChange) => void>();
  return {
    add(listen) {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    emit(change) {
      for (const listen of [...listeners]) listen(change);
    },
    size: () => listeners.size,
  };
}
