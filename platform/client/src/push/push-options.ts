// The options of an application's pushes, and the states that enabling them ends in: types alone.

export interface PushOptions {
  /**
   * Address of `belfry-service-worker.js` on the page's own origin; `/belfry-service-worker.js` when left
   * out.
   */
  serviceWorkerUrl?: string;
  /** Id of the provider, for apps that have several of Web Push. */
  provider?: string;
  /**
   * Path of a conversation's page with `{conversationId}` in it, for clicks on a notification; `/` when left
   * out.
   */
  open?: string;
  /** Goes to the page of a notification that was clicked; left out: `location.assign`. */
  onOpen?: (url: string, data: Readonly<Record<string, unknown>>) => void;
  /** Pictures of every notification: addresses on any origin. */
  icon?: string;
  badge?: string;
}

/**
 * - `enabled`: this browser gets pushes of this user.
 * - `unsupported`: the browser has no Web Push here.
 * - `denied`: the user said no; only the browser's settings change that. `dismissed`: the question was
 *   closed, and may be asked again.
 * - `no_provider`: the app has no Web Push configured (or not the one that was named).
 * - `off`: `resumePush` found nothing to go on with.
 */
export type PushState = 'enabled' | 'unsupported' | 'denied' | 'dismissed' | 'no_provider' | 'off';
