// Puts the parts together and gives them one face, `Belfry`. No behaviour of its own: each part's file says what it does.
import { normalizePath } from '@belfry/protocol';
import { createAuth } from './auth.ts';
import { baseUrlOf } from './base-url.ts';
import { messageOf } from './command-error.ts';
import { failure } from './connection.ts';
import { detectDevice } from './device-detection.ts';
import { createHandlerRegistry } from './handler-registry.ts';
import { createHttp } from './http.ts';
import { createLastUser } from './last-user.ts';
import { createLine } from './line.ts';
import { createListeners } from './listeners.ts';
import { createMessageEventHandler } from './message-event-handler.ts';
import { createPageDecision } from './page-decision.ts';
import { createPageLifecycle } from './page-lifecycle.ts';
import { createPolicies } from './policies.ts';
import { onEachNew } from './on-each-new.ts';
import { createOutbox } from './queue/create-outbox.ts';
import { createReconnect } from './reconnect.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import { chooseSurroundings } from './surroundings/choose.ts';
import type { Belfry, BelfryOptions, FrameRecord, QueueLimits, Surroundings, Unsubscribe } from './types.ts';

const defaultLimits: QueueLimits = { maxCount: 500, maxBytes: 1024 * 1024, maxAgeMs: 24 * 3600 * 1000 };

/** How long `stop` waits for the server to close its side too, ms. */
const closingMs = 1000;

/** Builds a client; nothing is sent before `start()`. Throws where there is no page and `options.url` is missing. */
export function createBelfry(options: BelfryOptions): Belfry {
  const surroundings: Surroundings = { ...chooseSurroundings(), ...options.surroundings };
  const { clock, keyValue } = surroundings;
  const report = (error: unknown): void => surroundings.report(error);
  const baseUrl = baseUrlOf(options.url, surroundings.origin);
  const follow = options.page === undefined ? 'path' : options.page === 'hash' ? 'hash' : undefined;
  const firstPage = normalizePath(follow === undefined ? (options.page ?? '/') : surroundings.readPage(follow));
  const device = detectDevice(globalThis, { keyValue, appVersion: options.appVersion });

  const store = createSnapshotStore(
    {
      status: 'closed',
      page: firstPage,
      policy: undefined,
      connectionId: undefined,
      userId: undefined,
      attempt: 0,
      retryAt: undefined,
      lastClose: undefined,
      lastError: undefined,
      syncSignal: 0,
    },
    report,
  );
  const registry = createHandlerRegistry({ page: firstPage, report });
  const frames = createListeners<FrameRecord>(report);
  const auth = createAuth({
    getToken: options.getToken,
    clock,
    isInUse: () => line.live() !== undefined,
    renewed: (token) => lifecycle.renewed(token),
    failed: (error) => store.set({ lastError: messageOf(error) }),
  });
  const policies = createPolicies({
    app: options.app,
    baseUrl,
    isSameOrigin: surroundings.origin === undefined || new URL(baseUrl).origin === surroundings.origin,
    fetch: surroundings.fetch,
    clock,
    keyValue,
  });
  const messages = createMessageEventHandler({
    clock,
    keyValue,
    keyPrefix: `belfry:${options.app}:`,
    isVisible: () => surroundings.isVisible(),
    hand: registry.emit,
    gap: () => store.set({ syncSignal: store.get().syncSignal + 1 }),
  });
  const line = createLine({
    surroundings,
    url: `${baseUrl.replace(/^http/, 'ws')}/ws?app=${encodeURIComponent(options.app)}`,
    messages,
    hello: () => ({ page: store.get().page, device }),
    listener: {
      connected: (answer) => lifecycle.connected(answer),
      lost: (close, live) => lifecycle.lost(close, live),
      event(event) {
        lifecycle.heed(event);
        messages.receive(event);
      },
      frame: frames.tell,
    },
  });
  const lifecycle = createPageLifecycle({
    surroundings,
    policies,
    decision: createPageDecision({ policies, auth, live: () => line.live(), store }),
    auth,
    reconnect: createReconnect({ settings: () => policies.settings(), surroundings }),
    line,
    store,
    forgetUser: messages.forget,
  });
  const http = createHttp({ baseUrl, fetch: surroundings.fetch, auth });
  const command: Belfry['command'] = (action, data) => {
    const answer = line.live()?.connection.command(action, data) ?? Promise.reject(failure('not_connected'));
    // Who does not look at the answer is not to be told of it as an unhandled rejection, as of a `typing` that was lost.
    answer.catch(() => undefined);
    return answer;
  };
  const hasFeature = (feature: string): boolean => store.get().policy?.features.includes(feature) === true;
  // Of the user who is signed in now: in the moment in which that changes, the connection is still the other's.
  const mayMessage = (): boolean => {
    const userId = auth.userId();
    return userId !== undefined && line.live()?.userId === userId && hasFeature('messaging');
  };
  const lastUser = createLastUser({ keyValue, key: `belfry:${options.app}:user` });
  const outbox = createOutbox({
    surroundings,
    limits: { ...defaultLimits, ...options.queue },
    owner() {
      const userId = auth.userId();
      if (userId !== undefined) lastUser.note(userId);
      else if (store.get().status === 'signed_out') lastUser.forget();
      const owner = userId ?? lastUser.get();
      return owner === undefined ? undefined : `${options.app}:${owner}`;
    },
    isPresumed: () => auth.userId() === undefined,
    send: ({ conversationId, type, content, replyTo, mentions }, cid) =>
      command('message', { conversationId, cid, type, content, replyTo, mentions }),
    isReady: mayMessage,
    onReady: (listen) => onEachNew(store, () => mayMessage() || undefined, listen),
  });

  let following: Unsubscribe[] = [];
  let stopping: Promise<void> | undefined;

  function moveTo(path: string): void {
    const page = normalizePath(path);
    if (page === store.get().page) return;
    registry.moveTo(page);
    lifecycle.moveTo(page);
  }

  function followPage(mode: 'path' | 'hash'): void {
    const look = (): void => moveTo(surroundings.readPage(mode));
    look();
    following.push(surroundings.onPage(mode, look));
  }

  async function end(): Promise<void> {
    following.forEach((stop) => stop());
    following = [];
    messages.flush();
    lifecycle.stop();
    auth.stop();
    policies.stop();
    await outbox.stop();
    await withTimeout(line.ended());
    registry.clear();
    frames.clear();
  }

  function withTimeout(ended: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = clock.setTimer(resolve, closingMs);
      void ended.then(() => {
        cancelTimer();
        resolve();
      });
    });
  }

  const belfry: Belfry = {
    options,
    device,
    surroundings,
    start() {
      if (following.length > 0 || stopping !== undefined) return;
      following = [
        surroundings.onVisibility(() => (surroundings.isVisible() ? lifecycle.wake() : line.beat())),
        surroundings.onOnline(() => lifecycle.wake()),
        surroundings.onPageHide((event) => {
          if (event === 'hide') messages.flush();
          lifecycle[event]();
        }),
      ];
      if (follow !== undefined) followPage(follow);
      lifecycle.start();
    },
    stop: () => (stopping ??= end()),
    connect: lifecycle.connect,
    disconnect: lifecycle.disconnect,
    setPage: moveTo,
    signedIn() {
      lastUser.forget();
      lifecycle.signedIn();
    },
    signedOut() {
      lastUser.forget();
      lifecycle.signedOut();
    },
    snapshot: store.get,
    subscribe: store.subscribe,
    on: registry.on,
    lastEvent: registry.last,
    command,
    send: outbox.add,
    outbox,
    http,
    hasFeature,
    onFrame: frames.add,
    notePosition: messages.note,
    // Fetched when somebody wants it: most pages never do.
    enablePush: async (push) => (await import('./push/index.ts')).enablePush(belfry, push),
  };
  return belfry;
}
