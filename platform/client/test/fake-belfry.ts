// A `Belfry` without a server for tests of what shows one: the test sets its state, gives it events, and
// reads what was done with it.
import type { ServerEvent } from '@belfry/protocol';
import { chooseSurroundings } from '../src/surroundings/choose.ts';
import type { Belfry, BelfrySnapshot, EventHandler, HttpInit } from '../src/types.ts';

export interface FakeBelfry extends Belfry {
  /** Changes the snapshot and calls the listeners. */
  become(change: Partial<BelfrySnapshot>): void;
  emit(event: ServerEvent): void;
  /** Names of the methods called, in order; reading is not among them. */
  readonly calls: string[];
  /** Requests of `http`, in order. */
  readonly requests: { path: string; init: HttpInit | undefined }[];
  /** The answer of `http` from now on; an `Error` is thrown. */
  answers: (path: string, init?: HttpInit) => unknown;
  /** Listeners of state and events that are there now. */
  listeners(): number;
}

export function fakeBelfry(first: Partial<BelfrySnapshot> = {}): FakeBelfry {
  let snapshot: BelfrySnapshot = {
    status: 'closed',
    page: '/chat',
    policy: undefined,
    connectionId: undefined,
    userId: undefined,
    attempt: 0,
    retryAt: undefined,
    lastClose: undefined,
    lastError: undefined,
    attended: false,
    syncSignal: 0,
    ...first,
  };
  let last: ServerEvent | undefined;
  const watchers = new Set<() => void>();
  const handlers = new Set<{ action: string; handler: EventHandler }>();
  const calls: string[] = [];
  const requests: FakeBelfry['requests'] = [];
  const recorded =
    (name: string) =>
    (..._: unknown[]): void =>
      void calls.push(name);

  const fake: FakeBelfry = {
    options: { app: 'demo' },
    device: { id: 'd-1', type: 'desktop', platform: 'web' },
    surroundings: chooseSurroundings(),
    calls,
    requests,
    answers: () => ({}),
    become(change) {
      snapshot = { ...snapshot, ...change };
      for (const watcher of watchers) watcher();
    },
    emit(event) {
      last = event;
      for (const { action, handler } of handlers) if (action === '*' || action === event.action) handler(event);
    },
    listeners: () => watchers.size + handlers.size,
    start: recorded('start'),
    stop: async () => void calls.push('stop'),
    connect: recorded('connect'),
    disconnect: recorded('disconnect'),
    attend: recorded('attend'),
    setPage: recorded('setPage'),
    signedIn: recorded('signedIn'),
    signedOut: recorded('signedOut'),
    snapshot: () => snapshot,
    subscribe: (listener) => added(watchers, () => listener()),
    on: (action, handler) => added(handlers, { action, handler: handler as EventHandler }),
    lastEvent: () => last,
    topic: () => ({ subscribe: () => () => undefined, presence: () => () => undefined }),
    command: async () => Promise.reject(new Error('this fake answers no command')),
    send(draft) {
      calls.push('send');
      return { cid: draft.cid ?? 'cid-1', draft, state: 'queued', queuedAt: 0 };
    },
    outbox: {
      messages: () => [],
      subscribe: () => () => undefined,
      retry: recorded('retry'),
      cancel: async () => false,
    },
    async http<T>(path: string, init?: HttpInit): Promise<T> {
      requests.push({ path, init });
      const answer = fake.answers(path, init);
      if (answer instanceof Error) throw answer;
      // The test says what comes; whoever called says what it expects.
      return answer as T;
    },
    hasFeature: () => true,
    onFrame: () => () => undefined,
    notePosition: recorded('notePosition'),
    enablePush: async () => 'unsupported',
  };
  return fake;
}

function added<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => void set.delete(item);
}
