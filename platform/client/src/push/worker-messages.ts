// The messages between page and service worker, and how the worker is given what it has to know. Types, and
// the names of the query's fields.

/**
 * The page to the worker: a conversation was read up to here, so its notification has nothing to say any
 * more.
 */
export interface ReadMessage {
  type: 'belfry:read';
  conversationId: string;
  seq: number;
}

/**
 * The worker to the page: somebody clicked a notification. Answered through the port with anything: then the
 * page goes there itself.
 */
export interface OpenMessage {
  type: 'belfry:open';
  /** Path and query on the page's own origin. */
  url: string;
  data: Readonly<Record<string, unknown>>;
}

/**
 * The worker to the page: the browser has another subscription now, and the worker could not exchange it at the
 * server.
 */
export interface ResubscribedMessage {
  type: 'belfry:resubscribed';
}

/** A worker has no configuration but its own address. */
export interface WorkerOptions {
  /** Of the Belfry server, without a slash at its end. */
  server: string;
  /**
   * Path of a conversation's page with `{conversationId}` in it; also where notices lead that name no `url`.
   */
  open: string;
  icon: string | undefined;
  badge: string | undefined;
}
