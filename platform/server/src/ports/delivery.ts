// One event and whom it is for, as nodes pass it to each other. How it is made, and what a connection gets of it, is delivery's business.

import type { ServerEvent } from '@belfry/protocol';
import type { StoredPolicy } from './stores/index.ts';

/** Which connections an event is for, checked by delivery/decide-realtime.ts. */
export interface RealtimeRule {
  action: string;
  realtime: StoredPolicy['realtime'];
  connectionTypes?: readonly string[] | undefined;
  feature?: string | undefined;
}

/** Whose connections: the members of a conversation, named users, a topic's subscribers, all. */
export type DeliveryTarget =
  | { conversation: string; only?: readonly string[] | undefined; exclude?: readonly string[] | undefined }
  | { users: readonly string[] }
  | { topic: string; exclude?: readonly string[] | undefined }
  | { everyone: true; exclude?: readonly string[] | undefined };

/** What the sender's own connections get. In the first two cases the sender is no recipient: neither counted nor pushed. */
export type SenderGets = 'other_connections' | 'nothing' | 'like_anybody';

/** Plain JSON, so that it travels. */
export interface Delivery {
  event: ServerEvent;
  rule: RealtimeRule;
  to: DeliveryTarget;
  senderId?: string | undefined;
  /** What the sender's own connections get; the one it came from has its answer and never gets the event. */
  sender: SenderGets;
  originConnectionId?: string | undefined;
}
