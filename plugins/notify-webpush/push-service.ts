// What the answer of a push service means for a delivery, and which hosts are push services at all. Endpoints come from users: nothing an endpoint answers may harm others.
import { accepted, outcomeOfStatus, rejected, type Outcome, type PluginResponse } from '@belfry/plugin-kit';

/** Those of Chrome, Edge, Firefox and Safari; each with the hosts below it. */
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
 * RFC 8030. A subscription that was made with another key is refused with 400, 401 or 403 and words to that effect (there is no code for it): that is the end
 * of this one subscription, while a refusal of the signature as such concerns all of them.
 */
export async function outcomeOf(response: PluginResponse, nowMs: number): Promise<Outcome> {
  const { status } = response;
  // 201 says that it is on its way, 202 that it was stored. The address of the message lets anyone take it back, so it is not kept.
  if (response.ok) return accepted();
  if (status === 404 || status === 410) return rejected('target_gone', `HTTP ${status}`);
  if (status === 400 || status === 401 || status === 403) {
    const says = await response.text().catch(() => '');
    if (ofAnotherKey.test(says)) return rejected('target_gone', 'the browser subscribed with another VAPID key');
  }
  // The address is the subscription's, not the configuration's.
  if (status >= 300 && status <= 399) return rejected('target_invalid', `HTTP ${status}`);
  return outcomeOfStatus(status, response.headers, nowMs);
}

/** Google: "do not correspond to the credentials used to create the subscriptions"; Apple: "VapidPkHashMismatch"; Mozilla: "Key mismatch". */
const ofAnotherKey = /do not correspond to the credentials|VapidPkHashMismatch|key mismatch/i;

function isBelow(host: string, hosts: readonly string[]): boolean {
  return hosts.some((each) => host === each || host.endsWith(`.${each}`));
}
