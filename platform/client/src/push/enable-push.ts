// Web Push for the page's user: permission, subscription, registration at the server, and keeping them while
// the page is open. Showing notifications is the service worker's.
import { baseUrlOf } from '../base-url.ts';
import type { Belfry, ServerEvent } from '../types.ts';
import type { PushOptions, PushState } from './push-options.ts';
import { forgetPush, rememberedPush, rememberPush } from './remembered-push.ts';
import { forgetRenewal, keepRenewal } from './renewal-store.ts';
import { isPushSupported, registerWorker, subscribe } from './push-support.ts';
import type { OpenMessage, ReadMessage, ResubscribedMessage } from './worker-messages.ts';

/**
 * Asks for permission, so call it from a click. Resolves with what came of it; rejects where server or
 * browser failed, with a `CommandError` or the browser's own error.
 */
export async function enablePush(belfry: Belfry, options: PushOptions = {}): Promise<PushState> {
  if (!isPushSupported()) return 'unsupported';
  // Before anything that takes time: browsers ask only while the click is fresh.
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'dismissed';
  return register(belfry, options);
}

/**
 * At every start of the page, without asking anything: goes on with what `enablePush` began, and registers
 * anew where the browser has changed its subscription.
 */
export async function resumePush(belfry: Belfry, options: PushOptions = {}): Promise<PushState> {
  if (!isPushSupported()) return 'unsupported';
  if (Notification.permission !== 'granted' || rememberedPush(belfry) === undefined) return 'off';
  return register(belfry, options);
}

/**
 * This browser gets no pushes any more, whoever is signed in. To be called before signing out, while there is
 * a token.
 */
export async function disablePush(belfry: Belfry): Promise<void> {
  stopKeeping.get(belfry)?.();
  const remembered = rememberedPush(belfry);
  if (remembered === undefined) return;
  forgetPush(belfry);
  await forgetRenewal();
  const registration = await navigator.serviceWorker.getRegistration(remembered.scope);
  const subscription = await registration?.pushManager.getSubscription();
  // The browser first: what comes after that is refused by the push service, and the server then forgets the
  // device by itself.
  await subscription?.unsubscribe();
  await belfry.http(`/devices/${remembered.deviceId}`, { method: 'DELETE' }).catch(ignoreGone);
}

interface PublicProvider {
  id: string;
  public: { vapidPublicKey?: string };
}

async function register(belfry: Belfry, options: PushOptions): Promise<PushState> {
  const { providers } = await belfry.http<{ providers: PublicProvider[] }>('/push/providers');
  const provider = providers.find(
    ({ id, public: { vapidPublicKey } }) => vapidPublicKey !== undefined && (options.provider ?? id) === id,
  );
  if (provider?.public.vapidPublicKey === undefined) return 'no_provider';
  const { serviceWorkerUrl = '/belfry-service-worker.js', open = '/', icon, badge } = options;
  const server = baseUrlOf(belfry.options.url, location.origin);
  const registration = await registerWorker(serviceWorkerUrl, { server, open, icon, badge });
  const subscription = await subscribe(registration, provider.public.vapidPublicKey);
  const { deviceId, renewal } = await belfry.http<{ deviceId: string; renewal?: string }>('/devices', {
    body: {
      provider: provider.id,
      target: subscription.toJSON(),
      deviceType: belfry.device.type,
      locale: navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  });
  rememberPush(belfry, { deviceId, scope: registration.scope });
  // Without it, as from an older server, the worker leaves a changed subscription to the next page.
  const { vapidPublicKey } = provider.public;
  if (renewal !== undefined) await keepRenewal({ deviceId, credential: renewal, vapidPublicKey });
  keep(belfry, registration, options);
  return 'enabled';
}

const stopKeeping = new WeakMap<Belfry, () => void>();

/**
 * While the page is open: what is read here is taken off the screen, clicks lead here, a changed subscription
 * is registered.
 */
function keep(belfry: Belfry, registration: ServiceWorkerRegistration, options: PushOptions): void {
  stopKeeping.get(belfry)?.();
  const stopReads = belfry.on('read_status', (event) => {
    const read = readOf(event, belfry.snapshot().userId);
    if (read !== undefined) registration.active?.postMessage(read);
  });
  const listen = ({ data: said, ports: [port] }: MessageEvent<OpenMessage | ResubscribedMessage | undefined>): void => {
    if (said?.type === 'belfry:open') {
      port?.postMessage('going');
      if (options.onOpen === undefined) location.assign(said.url);
      else options.onOpen(said.url, said.data);
    }
    // Fails without network; the next start of the page does it then.
    if (said?.type === 'belfry:resubscribed') void register(belfry, options).catch(() => undefined);
  };
  navigator.serviceWorker.addEventListener('message', listen);
  stopKeeping.set(belfry, () => {
    stopReads();
    navigator.serviceWorker.removeEventListener('message', listen);
  });
}

/** Only what this user has read, on whatever device. */
function readOf({ conversationId, data }: ServerEvent, userId: string | undefined): ReadMessage | undefined {
  const { userId: reader, seq } = data as { userId?: unknown; seq?: unknown };
  if (conversationId === undefined || reader !== userId || typeof seq !== 'number') return undefined;
  return { type: 'belfry:read', conversationId, seq };
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'not_found')) throw error;
}
