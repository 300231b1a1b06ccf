// One event with the users it is for, as nodes pass it to each other. How it is made, and which connections
// get it, is delivery's business.

import type { ServerEvent } from '@belfry/protocol';
import type { StoredPolicy } from './stores/index.ts';

/** Narrows an event to some connections of its users; checked by delivery/decide-realtime.ts. */
export interface RealtimeRule {
  action: string;
  realtime: StoredPolicy['realtime'];
  connectionTypes?: readonly string[] | undefined;
  feature?: string | undefined;
  /** Whatever features the page has. */
  onEveryPage?: boolean | undefined;
}

/**
 * The users of a delivery: the members of a conversation, named users, a topic's subscribers, all. How they
 * are narrowed is read by delivery/addressing.ts alone.
 */
export type DeliveryTarget =
  | { conversation: string; only?: readonly string[] | undefined; exclude?: readonly string[] | undefined }
  | { users: readonly string[] }
  | { topic: string; exclude?: readonly string[] | undefined }
  | { everyone: true; exclude?: readonly string[] | undefined };

/**
 * The share of the sender's own connections. In the first two cases the sender is no recipient: neither
 * counted nor pushed.
 */
export type SenderGets = 'other_connections' | 'nothing' | 'like_anybody';

/** Plain JSON, so that it travels. */
export interface Delivery {
  event: ServerEvent;
  rule: RealtimeRule;
  to: DeliveryTarget;
  senderId?: string | undefined;
  /** The connection it came by has its answer and never gets the event, whatever this says. */
  sender: SenderGets;
  originConnectionId?: string | undefined;
  /**
   * The members of a small conversation as the node that publishes it knows them: a node that has none of them need
   * not look them up. Whom it is for is `to`.
   */
  members?: readonly string[] | undefined;
  /**
   * So long ago it was published to other nodes, ms, and only now to this one, which turned out to have users of it.
   * Whoever came to this node since then is not owed it.
   */
  ageMs?: number | undefined;
}
