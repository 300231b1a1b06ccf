// Decides which connections get an event, and why not: pure functions of the facts. Pushes to devices are
// broadcasting/decide-push.ts.

import { mayReceive, type DeviceType, type RealtimeReason } from '@belfry/protocol';
import { isAddressedTo } from '../ports/stores/addressing.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Session } from '../sessions/session.ts';
import type { Delivery, RealtimeRule } from '../ports/delivery.ts';

/**
 * The facts of a connection that matter; a session here and a presence record of another node both have them.
 */
export interface ConnectionFacts {
  connectionId: string;
  userId: string;
  deviceType: DeviceType;
  connectionType: string;
  features: ReadonlySet<string> | readonly string[];
}

export type RealtimeDecision = Extract<
  RealtimeReason,
  'sent' | 'device_type_excluded' | 'feature_off_on_page' | 'excluded_sender'
>;

/** The facts of a delivery that the decision for one connection needs. */
type Decided = Pick<Delivery, 'rule' | 'senderId' | 'sender' | 'originConnectionId'>;

/** Decides for one connection of a user whom the delivery is for. */
export function decideRealtime(connection: ConnectionFacts, delivery: Decided): RealtimeDecision {
  if (isWithheld(delivery, connection.connectionId, connection.userId)) return 'excluded_sender';
  return decideByRule(connection, delivery.rule);
}

/**
 * Whether it is kept from a connection for being the sender's: the one that it came by has its answer
 * instead.
 */
export function isWithheld(
  { originConnectionId, sender, senderId }: Omit<Decided, 'rule'>,
  connectionId: string,
  userId: string,
): boolean {
  return connectionId === originConnectionId || (sender === 'nothing' && userId === senderId);
}

/**
 * Decides for one session and a message from the log, where no connection of the sender is left out any more:
 * what it missed it gets. `action` is that of the event the client would get.
 */
export function decideStored(
  { userId, page, device }: Session,
  message: StoredMessage,
  action: string = message.action,
): RealtimeDecision {
  if (!isAddressedTo(message, userId)) return 'excluded_sender';
  const { connectionType } = page.policy;
  const { realtime, connectionTypes, feature } = message.policy;
  return decideByRule(
    { deviceType: device.type, connectionType, features: page.features },
    { action, realtime, connectionTypes, feature },
  );
}

/** By device, kind of connection and page alone. */
export function decideByRule(
  connection: Omit<ConnectionFacts, 'connectionId' | 'userId'>,
  rule: RealtimeRule,
): Exclude<RealtimeDecision, 'excluded_sender'> {
  const { realtime, connectionTypes } = rule;
  if (realtime === 'none') return 'device_type_excluded';
  if (realtime !== 'all' && !realtime.includes(connection.deviceType)) return 'device_type_excluded';
  if (connectionTypes !== undefined && !connectionTypes.includes(connection.connectionType))
    return 'device_type_excluded';
  if (rule.onEveryPage !== true && !mayReceive(connection.features, rule.action, rule.feature))
    return 'feature_off_on_page';
  return 'sent';
}
