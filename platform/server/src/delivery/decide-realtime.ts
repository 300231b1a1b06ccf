// Which connection gets an event, and why not: pure functions of what is known of both. Which device gets a push is broadcasting/decide-push.ts.

import { mayReceive, type DeviceType, type RealtimeReason } from '@belfry/protocol';
import type { Delivery, RealtimeRule } from './delivery.ts';

/** What of a connection matters; a session here and a presence record of another node both have it. */
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

/** Judges one connection of somebody whom the order is for. */
export function decideRealtime(
  connection: ConnectionFacts,
  order: Pick<Delivery, 'rule' | 'senderId' | 'sender' | 'originConnectionId'>,
): RealtimeDecision {
  if (connection.connectionId === order.originConnectionId) return 'excluded_sender';
  if (order.sender === 'nothing' && connection.userId === order.senderId) return 'excluded_sender';
  return decideByRule(connection, order.rule);
}

/** The same for an event from the log, where nobody's own connection is left out any more: what it missed it gets. */
export function decideByRule(
  connection: Omit<ConnectionFacts, 'connectionId' | 'userId'>,
  rule: RealtimeRule,
): Exclude<RealtimeDecision, 'excluded_sender'> {
  const { realtime, connectionTypes } = rule;
  if (realtime === 'none') return 'device_type_excluded';
  if (realtime !== 'all' && !realtime.includes(connection.deviceType)) return 'device_type_excluded';
  if (connectionTypes !== undefined && !connectionTypes.includes(connection.connectionType))
    return 'device_type_excluded';
  if (!mayReceive(connection.features, rule.action, rule.feature)) return 'feature_off_on_page';
  return 'sent';
}
