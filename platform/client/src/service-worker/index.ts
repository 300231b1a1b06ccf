// The service worker of Web Push: listens to the browser and hands on. Each thing it does is in the file of
// its name.
import type { ReadMessage } from '../push/worker-messages.ts';
import { open, reportOpened } from './open.ts';
import { changeKey, resubscribe, type ResubscribeParts } from './resubscribe.ts';
import { clear, clearRead, readPayload, show } from './show.ts';
import { readOptions } from './worker-options.ts';

declare const self: ServiceWorkerGlobalScope;

const { registration, clients, location } = self;
const options = readOptions(location.href);
const subscribing: ResubscribeParts = {
  ...{ pushManager: registration.pushManager, clients, server: options.server },
  pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
};

let keyChange: Promise<void> | undefined;

// A new version has nothing to wait for: no page loads anything through this worker.
self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));

self.addEventListener('push', (event) => {
  const payload = readPayload(event.data?.text() ?? '');
  if (payload?.type === 'push') event.waitUntil(show(registration, payload, options));
  if (payload?.type === 'clear') event.waitUntil(clear(registration, payload, { isSeen, name: location.hostname }));
  if (payload?.vapidPublicKey !== undefined) event.waitUntil(takeKey(payload.vapidPublicKey));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const data = (event.notification.data ?? {}) as Readonly<Record<string, unknown>>;
  event.waitUntil(
    Promise.all([open(data, { clients, origin: location.origin, options }), reportOpened(data, options)]),
  );
});

self.addEventListener('message', (event) => {
  const { type, conversationId, seq } = (event.data ?? {}) as Partial<ReadMessage>;
  if (type !== 'belfry:read' || conversationId === undefined || seq === undefined) return;
  event.waitUntil(clearRead(registration, { conversationId, seq }));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(resubscribe(event, subscribing));
});

/** Pushes that come together do it once. */
function takeKey(vapidPublicKey: string): Promise<void> {
  keyChange ??= changeKey(vapidPublicKey, subscribing).finally(() => (keyChange = undefined));
  return keyChange;
}

async function isSeen(): Promise<boolean> {
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  return pages.some(({ visibilityState }) => visibilityState === 'visible');
}
