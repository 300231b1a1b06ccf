// Puts the parts together and gives them one face, `Belfry`. No behaviour of its own.
import { normalizePath } from '@belfry/protocol';
import { Attention } from './attention.ts';
import { Auth } from './auth.ts';
import { badUrl, baseUrlOf } from './base-url.ts';
import { followBrowser } from './browser-events.ts';
import { failure } from './connection.ts';
import { detectDevice } from './device-detection.ts';
import { createHandlerRegistry } from './handler-registry.ts';
import type { Http } from './http.ts';
import { Line } from './line.ts';
import { createListeners } from './listeners.ts';
import { MessageEventHandler } from './message-event-handler.ts';
import { onEachNew } from './on-each-new.ts';
import { PageLifecycle } from './page-lifecycle.ts';
import { createPolicies } from './policies.ts';
import { createOutbox } from './queue/create-outbox.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import { chooseSurroundings } from './surroundings/choose.ts';
import { createTopicHandles } from './topic-handles.ts';
import type { Belfry, BelfryOptions, FrameRecord, Surroundings, Unsubscribe } from './types.ts';

/** Builds a client; nothing is sent before `start()`. Throws where `options.url` can be no address. */
export function createBelfry(options: BelfryOptions): Belfry {
  const { app, getToken, appVersion, attendedAfterMs } = options;
  const surroundings: Surroundings = { ...chooseSurroundings(), ...options.surroundings };
  const { keyValue, report } = surroundings;
  const baseUrl = baseUrlOf(options.url, surroundings.origin);
  const mode = options.page === undefined ? 'path' : options.page === 'hash' ? 'hash' : undefined;
  const page = normalizePath(mode ? surroundings.readPage(mode) : (options.page ?? '/'));
  const device = detectDevice(globalThis, { keyValue, appVersion });
  const store = createSnapshotStore(page, report);
  const registry = createHandlerRegistry(page, report);
  const frames = createListeners<FrameRecord>(report);
  const auth = new Auth(getToken, surroundings);
  const policies = createPolicies({ app, baseUrl, surroundings });
  const attention = new Attention({ surroundings, store, policies, attendedAfterMs, beat: () => line.beat() });
  const messages = new MessageEventHandler({ app, surroundings, attention, store, deliver: registry.emit });
  const line = new Line({ app, baseUrl, device, surroundings, attention, messages, onFrame: frames.emit });
  const lifecycle = new PageLifecycle({ surroundings, policies, auth, line, messages, registry, store });
  const outbox = createOutbox({ app, surroundings, limits: options.queue, auth, line, store });
  let unfollow: Unsubscribe | undefined;
  let stopping: Promise<void> | undefined;

  async function end(): Promise<void> {
    unfollow?.();
    endExplaining();
    messages.flush();
    lifecycle.stop();
    auth.stop();
    policies.stop();
    await outbox.stop();
    await line.ended();
    registry.clear();
    frames.clear();
  }
  // HTTP and push are fetched when somebody wants them: a page that listens never does.
  const belfry: Belfry = {
    options,
    device,
    surroundings,
    start() {
      if (!baseUrl) throw badUrl();
      if (stopping) throw new Error('stop() is for good.');
      unfollow ??= followBrowser({ surroundings, attention, lifecycle, line, messages, mode });
      lifecycle.start();
    },
    stop: () => (stopping ??= end()),
    connect: () => lifecycle.connect(),
    disconnect: () => lifecycle.disconnect(),
    attend: (isHere) => unfollow && attention.input(isHere),
    setPage: (path) => lifecycle.moveTo(path),
    signedIn() {
      outbox.forgetOwner();
      lifecycle.signedIn();
    },
    signedOut() {
      outbox.forgetOwner();
      lifecycle.signedOut();
    },
    snapshot: store.get,
    subscribe: store.subscribe,
    on: registry.on,
    lastEvent: registry.last,
    topic: createTopicHandles(() => belfry),
    command: (action, data) => line.command(action, data),
    send: outbox.add,
    outbox,
    http: lazyHttp(baseUrl, surroundings, auth),
    hasFeature: store.hasFeature,
    onFrame: frames.add,
    notePosition: (position) => messages.skipTo(position),
    enablePush: async (push) => (await import('./push/index.ts')).enablePush(belfry, push),
  };
  const endExplaining = explainProblems(belfry, auth);
  return belfry;
}

/** Fetched when something is wrong; where that is the network it cannot be. */
function explainProblems(belfry: Belfry, auth: Auth): Unsubscribe {
  return onEachNew(
    belfry,
    () => belfry.snapshot().lastError?.code,
    () => void import('./explain.ts').then(({ explain }) => explain(belfry, auth)).catch(() => undefined),
  );
}

function lazyHttp(baseUrl: string, { fetch }: Pick<Surroundings, 'fetch'>, auth: Auth): Http {
  return async (...call) => {
    const { createHttp } = await import('./http.ts').catch(() => Promise.reject(failure('connection_lost')));
    return await createHttp(baseUrl, fetch, auth)(...call);
  };
}
