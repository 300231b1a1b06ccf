// The browser's side of pushes: permission, service worker, subscription. Knows nothing of Belfry's server.
import { bytesOfBase64url } from '../base64url.ts';
import type { WorkerOptions } from './worker-messages.ts';

/** False where there is no Web Push, such as on an iPhone before the page was put on the home screen. */
export function isPushSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;
}

/**
 * Registers the worker under an address that says what it has to know; resolves when it is active, which
 * subscribing needs.
 */
export async function registerWorker(url: string, options: WorkerOptions): Promise<ServiceWorkerRegistration> {
  const address = new URL(url, location.href);
  for (const [name, value] of Object.entries<string | undefined>({ ...options })) {
    if (value !== undefined) address.searchParams.set(name, value);
  }
  const registration = await navigator.serviceWorker.register(address);
  if (registration.active === null) await activated(registration.installing ?? registration.waiting);
  return registration;
}

/** The browser's subscription for this key; one that was made with another key is replaced. */
export async function subscribe(
  { pushManager }: ServiceWorkerRegistration,
  vapidPublicKey: string,
): Promise<PushSubscription> {
  const applicationServerKey = bytesOfBase64url(vapidPublicKey);
  const there = await pushManager.getSubscription();
  if (there !== null) {
    if (isSame(there.options.applicationServerKey, applicationServerKey)) return there;
    await there.unsubscribe();
  }
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

function activated(worker: ServiceWorker | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (worker === null) {
      reject(new Error('The service worker is gone.'));
      return;
    }
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('The service worker could not be installed.'));
    });
  });
}

function isSame(key: ArrayBuffer | null, wanted: Uint8Array): boolean {
  return key !== null && String(new Uint8Array(key)) === String(wanted);
}
