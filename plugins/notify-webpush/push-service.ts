// The outcome for each answer of a push service, and which hosts are push services. Endpoints come from
// users: no answer of one may harm other users.
import {
  accepted,
  outcomeOfStatus,
  rejected,
  previewLine,
  retry,
  type Outcome,
  type PluginResponse,
  type Rejected,
} from '@belfry/plugin-kit';

/** The push services of Chrome, Edge, Firefox and Safari; each with the hosts below it. */
export const browserPushServices = [
  'fcm.googleapis.com',
  'push.services.mozilla.com',
  'notify.windows.com',
  'push.apple.com',
];

/** Apple withdraws the permission of a site whose pushes show nothing. */
export function mustShow(endpoint: string): boolean {
  return isBelow(new URL(endpoint).hostname, ['push.apple.com']);
}

/** Whether an endpoint is of one of these hosts or one below them. */
export function isServiceOf(endpoint: string, hosts: readonly string[]): boolean {
  return isBelow(new URL(endpoint).hostname, hosts);
}

/**
 * RFC 8030. A subscription that was made with another key is refused with 400, 401 or 403 and a text that
 * says so (there is no code for it): this one subscription is gone, while a refusal of the signature itself
 * concerns all of them.
 */
export async function outcomeOf(
  response: PluginResponse,
  { nowMs, attempt }: { nowMs: number; attempt: number },
): Promise<Outcome> {
  const { status } = response;
  const windows = windowsVerdict(response, attempt);
  if (windows !== undefined) return windows;
  // 201: on its way; 202: stored. The address of the message lets anybody take it back, so it is not kept.
  if (response.ok) return accepted();
  if (status === 404 || status === 410) return rejected('target_gone', `HTTP ${status}`);
  // Windows limits the channel of one browser.
  if (status === 406) return retry('HTTP 406: the channel is throttled', throttledMs, { scope: 'target' });
  if (status === 413) return rejected('payload', tooLarge);
  let reason = '';
  if (status === 400 || status === 401 || status === 403) {
    const says = await response.text().catch(() => '');
    if (ofAnotherKey.test(says)) return rejected('target_gone', anotherKey);
    reason = reasonIn(says);
  }
  // The address belongs to the subscription, not to the configuration.
  if (status >= 300 && status <= 399) return rejected('target_invalid', `HTTP ${status}`);
  const outcome = outcomeOfStatus(status, response.headers, nowMs);
  const why = previewLine(response.headers.get('x-wns-error-description') ?? '') || reason;
  return outcome.outcome === 'rejected' && why !== '' ? rejected(outcome.reason, `${outcome.detail}: ${why}`) : outcome;
}

/** Apple says in one word what it refuses, such as `BadJwtToken`; whatever else is in an answer is not repeated. */
function reasonIn(answer: string): string {
  return /"reason"\s*:\s*"([A-Za-z]{1,60})"/.exec(answer)?.[1] ?? '';
}

const tooLarge = 'HTTP 413';

/** A shorter one may be taken. */
export function isTooLarge(outcome: Outcome): boolean {
  return outcome.outcome === 'rejected' && outcome.detail === tooLarge;
}

const anotherKey = 'the browser subscribed with another VAPID key';

/** Another pair of keys may be taken: not every push service says that it is this that it refuses. */
export function isKeyRefused(outcome: Outcome): outcome is Rejected {
  if (outcome.outcome !== 'rejected') return false;
  return outcome.reason === 'credentials' || outcome.detail === anotherKey;
}

const throttledMs = 60_000;

/** Windows says in headers what became of a push, also beside a status of success. */
function windowsVerdict({ headers }: PluginResponse, attempt: number): Outcome | undefined {
  const said = headers.get('x-wns-notificationstatus') ?? headers.get('x-wns-status') ?? '';
  if (/^channelthrottled$/i.test(said)) return retry('the channel is throttled', throttledMs, { scope: 'target' });
  if (!/^dropped$/i.test(said)) return undefined;
  return attempt === 1 ? retry('Windows dropped it') : rejected('payload', 'Windows dropped it twice');
}

/** Windows refuses a push whose time to live and this header do not agree. */
export function headersFor(endpoint: string, ttlSeconds: number): Record<string, string> {
  if (!isBelow(new URL(endpoint).hostname, ['notify.windows.com'])) return {};
  return { 'x-wns-cache-policy': ttlSeconds > 0 ? 'cache' : 'no-cache' };
}

/**
 * Google: "do not correspond to the credentials used to create the subscriptions"; Apple:
 * "VapidPkHashMismatch"; Mozilla: "Key mismatch".
 */
const ofAnotherKey = /do not correspond to the credentials|VapidPkHashMismatch|key mismatch/i;

function isBelow(host: string, hosts: readonly string[]): boolean {
  return hosts.some((each) => host === each || host.endsWith(`.${each}`));
}
