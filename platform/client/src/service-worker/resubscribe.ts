// The browser has another subscription: it is exchanged at the server, with the credential that the page was
// given when it registered, so that pushes come although no page is opened.
import { bytesOfBase64url } from '../base64url.ts';
import { forgetRenewal, keepRenewal, keptRenewal, type Renewal } from '../push/renewal-store.ts';
import type { ResubscribedMessage } from '../push/worker-messages.ts';

export interface ResubscribeParts {
  pushManager: Pick<PushManager, 'subscribe' | 'getSubscription'>;
  clients: Pick<Clients, 'matchAll'>;
  /** Of the Belfry server, without a slash at its end. */
  server: string;
  pause: (ms: number) => Promise<void>;
}

/** Tries at the server: the browser says it once, and lets a worker live for about half a minute. */
const pausesMs = [1000, 4000, 10_000];

export async function resubscribe(
  { oldSubscription, newSubscription }: Pick<PushSubscriptionChangeEvent, 'oldSubscription' | 'newSubscription'>,
  parts: ResubscribeParts,
): Promise<void> {
  const renewal = await keptRenewal();
  const subscription = newSubscription ?? (await subscribed(parts, { oldSubscription, renewal }));
  if (subscription && renewal && (await isExchanged(subscription, renewal, parts))) return;
  await askPages(parts);
}

/**
 * The app has another pair of keys: a push was signed with the one before, and says the new one. A browser has one
 * subscription, so the old one is ended first, and only where the new one can be told to the server.
 */
export async function changeKey(vapidPublicKey: string, parts: ResubscribeParts): Promise<void> {
  const renewal = await keptRenewal();
  if (!renewal) return askPages(parts);
  // Of several pushes that said so, the first has done it.
  if (renewal.vapidPublicKey === vapidPublicKey) return;
  const renewed = { ...renewal, vapidPublicKey };
  await keepRenewal(renewed);
  const { pushManager } = parts;
  const there = await pushManager.getSubscription();
  await there?.unsubscribe();
  const wanted = { userVisibleOnly: true, applicationServerKey: bytesOfBase64url(vapidPublicKey) };
  const subscription = await pushManager.subscribe(wanted).catch(() => undefined);
  if (!subscription || !(await isExchanged(subscription, renewed, parts))) await askPages(parts);
}

/** A page has the user's token: the one that is open registers it, or the next one that is opened. */
async function askPages({ clients }: ResubscribeParts): Promise<void> {
  const message: ResubscribedMessage = { type: 'belfry:resubscribed' };
  for (const page of await clients.matchAll({ type: 'window' })) page.postMessage(message);
}

async function subscribed(
  { pushManager }: ResubscribeParts,
  known: { oldSubscription: PushSubscription | null; renewal: Renewal | undefined },
): Promise<PushSubscription | null> {
  const there = await pushManager.getSubscription();
  if (there) return there;
  const { oldSubscription, renewal } = known;
  if (oldSubscription) return pushManager.subscribe(oldSubscription.options);
  if (!renewal) return null;
  const applicationServerKey = bytesOfBase64url(renewal.vapidPublicKey);
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function isExchanged(
  subscription: PushSubscription,
  renewal: Renewal,
  { server, pause }: ResubscribeParts,
): Promise<boolean> {
  const { deviceId, credential } = renewal;
  for (const pauseMs of [...pausesMs, undefined]) {
    const response = await fetch(`${server}/api/v1/devices/${encodeURIComponent(deviceId)}/renew`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ credential, target: subscription.toJSON() }),
    }).catch(() => undefined);
    if (response?.ok) {
      const answer = (await response.json().catch(() => ({}))) as { renewal?: unknown };
      if (typeof answer.renewal === 'string') await keepRenewal({ ...renewal, credential: answer.renewal });
      return true;
    }
    // The user has signed out, or the device is gone: the credential is good for nothing any more.
    if (response?.status === 404) {
      await forgetRenewal();
      return false;
    }
    if (pauseMs !== undefined) await pause(pauseMs);
  }
  return false;
}
