// Every message that nodes send each other: its fields, its version, and the check of one that arrives.
// Messages travel by bus.ts.

import { closeCodes, deviceTypes, type CloseName, type DeviceType, type ServerEvent } from '@belfry/protocol';
import type { AppId } from './app-id.ts';
import type { Delivery } from './delivery.ts';

/** Of interest to every node, whether it has connections of the app or not. */
export type ControlMessage =
  | { type: 'app_changed' | 'api_keys_changed' | 'kinds_changed' | 'pages_changed' | 'providers_changed'; app: AppId }
  | { type: 'webhooks_changed'; app: AppId }
  | { type: 'devices_changed' | 'preferences_changed'; app: AppId; userId: string }
  | { type: 'participants_changed'; app: AppId; conversationId: string }
  /** `at`: ms since the epoch; tokens issued up to then are refused. */
  | { type: 'signed_out'; app: AppId; userId: string; at: number }
  | { type: 'close_connection'; app: AppId; connectionId: string; code: CloseName }
  /** Somebody looks at what becomes of a message, which stands in these logs. */
  | { type: 'journey_watched'; app: AppId; messageId: string; streams: readonly string[]; seq?: number | undefined }
  /** Somebody looks at a conversation; without an id, at the list of them. */
  | { type: 'conversation_watched'; app: AppId; conversationId?: string | undefined }
  /** The answer of a node to `rollout_wanted`: its own connections of the app. */
  | { type: 'rollout'; app: AppId; node: string; pages: readonly RolloutTally[] }
  /** The event is for this connection alone. */
  | { type: 'tell_connection'; app: AppId; connectionId: string; event: ServerEvent }
  /** `issuedAtOrBeforeMs`: only connections whose token is no younger. */
  | { type: 'close_user'; app: AppId; userId: string; code: CloseName; issuedAtOrBeforeMs?: number | undefined };

/** Of interest to nodes with connections of the app; which app is said beside it. */
export type EventMessage =
  | { type: 'deliveries'; deliveries: readonly Delivery[] }
  /** It is in the log, and it is unknown whether any node was reached. */
  | { type: 'message_stored'; stream: string; seq: number }
  /** Messages of the stream were changed in their place, or it was deleted. */
  | { type: 'log_changed'; stream: string }
  | ({ type: 'session_news' } & SessionNews)
  /** Whoever has connections of the app says how far its page policies have got on them. */
  | { type: 'rollout_wanted' }
  /** Between nodes that follow the console's app, which all do: concurrency/node-line.ts. */
  | { type: 'node_here'; node: string; is: NodeIs }
  | { type: 'node_ask'; id: string; node: string; about: string; data?: unknown }
  /** Without `data` where the node has none. */
  | { type: 'node_answer'; id: string; node: string; data?: unknown }
  | { type: 'node_word'; node: string; about: string; data?: unknown };

/** `new`: it wants to hear who else is there. */
export type NodeIs = 'new' | 'here' | 'leaving';

/** Of one driver to another: messages of the node that says it did not go out. */
interface LossMessage {
  type: 'messages_lost';
}

export type BusMessage = ControlMessage | EventMessage | LossMessage;
type MessageType = BusMessage['type'];
export type MessageOf<M extends BusMessage, T extends M['type']> = M extends { type: infer U }
  ? T extends U
    ? Omit<M, 'type'> & { type: T }
    : never
  : never;

/** Connections that came and went on the node that publishes it. */
export interface SessionNews {
  connected: (ConnectionInfo & { connectedAt: string })[];
  disconnected: (ConnectionInfo & { disconnectedAt: string })[];
  /** Users of connections that have another page policy now. Nodes of before say nothing of them. */
  moved?: string[];
  /** Others are shown in these now. */
  topics?: readonly string[];
  /** The node that publishes it. Nodes of before do not say. */
  node?: string;
}

/** Connections on pages of one pattern, by the version of the policy that the server goes by. */
export interface RolloutTally {
  pattern: string;
  versions: {
    version: number;
    /** The client says that it goes by it as well. */
    confirmed: number;
    /** The server goes by it, and the client does not say so. */
    enforced: number;
    /** Of `enforced`: clients that say of no version that they go by it. */
    silent: number;
  }[];
}

interface ConnectionInfo {
  userId: string;
  connectionId: string;
  deviceType: DeviceType;
  page: string;
}

/**
 * Why a message that arrived is not handled. The first two are ordinary while an installation is upgraded
 * node by node.
 */
export type Unreadable = 'unknown_type' | 'newer_version' | 'malformed';

type Check = (value: unknown) => boolean;
/** Each field needs a check, one that may be left out too. */
type Fields<M> = { [K in Exclude<keyof M, 'type'>]-?: Check };

/**
 * A version grows when a node of the version before would misread the message; a new field that it may ignore
 * needs none. A message of an older version is good when it passes the check.
 */
const formats: { [T in MessageType]: { version: number; fields: Fields<MessageOf<BusMessage, T>> } } = {
  app_changed: { version: 1, fields: { app: isText } },
  api_keys_changed: { version: 1, fields: { app: isText } },
  kinds_changed: { version: 1, fields: { app: isText } },
  pages_changed: { version: 1, fields: { app: isText } },
  providers_changed: { version: 1, fields: { app: isText } },
  webhooks_changed: { version: 1, fields: { app: isText } },
  devices_changed: { version: 1, fields: { app: isText, userId: isText } },
  preferences_changed: { version: 1, fields: { app: isText, userId: isText } },
  participants_changed: { version: 1, fields: { app: isText, conversationId: isText } },
  signed_out: { version: 1, fields: { app: isText, userId: isText, at: isNumber } },
  messages_lost: { version: 1, fields: {} },
  journey_watched: {
    version: 1,
    fields: { app: isText, messageId: isText, streams: listOf(isText), seq: optional(isNumber) },
  },
  conversation_watched: { version: 1, fields: { app: isText, conversationId: optional(isText) } },
  rollout: { version: 1, fields: { app: isText, node: isText, pages: listOf(isRolloutTally) } },
  rollout_wanted: { version: 1, fields: {} },
  close_connection: { version: 1, fields: { app: isText, connectionId: isText, code: isCloseName } },
  tell_connection: { version: 1, fields: { app: isText, connectionId: isText, event: isEvent } },
  close_user: {
    version: 1,
    fields: { app: isText, userId: isText, code: isCloseName, issuedAtOrBeforeMs: optional(isNumber) },
  },
  node_here: { version: 1, fields: { node: isText, is: isText } },
  // What is asked, answered and said has its version in its name.
  node_ask: { version: 1, fields: { id: isText, node: isText, about: isText, data: isAnything } },
  node_answer: { version: 1, fields: { id: isText, node: isText, data: isAnything } },
  node_word: { version: 1, fields: { node: isText, about: isText, data: isAnything } },
  deliveries: { version: 1, fields: { deliveries: listOf(isDelivery) } },
  message_stored: { version: 1, fields: { stream: isText, seq: isNumber } },
  log_changed: { version: 1, fields: { stream: isText } },
  session_news: {
    version: 1,
    fields: {
      connected: listOf((each) => isConnection(each) && isText(each['connectedAt'])),
      disconnected: listOf((each) => isConnection(each) && isText(each['disconnectedAt'])),
      moved: optional(listOf(isText)),
      topics: optional(listOf(isText)),
      node: optional(isText),
    },
  },
};

export function encodeBusMessage(message: BusMessage): string {
  return JSON.stringify({ v: formats[message.type].version, ...message });
}

/**
 * Checked by hand, not by a schema: it stands in the path of every event that comes from another node, and a
 * port names no library. Of an event only what is needed to place it is looked at: it was checked where it
 * was made.
 */
export function parseBusMessage(text: string): BusMessage | Unreadable {
  const value = parseJson(text);
  if (!isObject(value) || !isText(value['type']) || !isNumber(value['v'])) return 'malformed';
  if (!Object.hasOwn(formats, value['type'])) return 'unknown_type';
  const { version, fields } = formats[value['type'] as MessageType];
  if (value['v'] > version) return 'newer_version';
  for (const [field, check] of Object.entries<Check>(fields)) if (!check(value[field])) return 'malformed';
  // Every field was checked.
  return value as unknown as BusMessage;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isAnything(): boolean {
  return true;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCloseName(value: unknown): boolean {
  return isText(value) && Object.hasOwn(closeCodes, value);
}

function isConnection(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isObject(value) &&
    isText(value['userId']) &&
    isText(value['connectionId']) &&
    deviceTypes.some((type) => type === value['deviceType']) &&
    isText(value['page'])
  );
}

function isRolloutTally(value: unknown): boolean {
  if (!isObject(value) || !isText(value['pattern'])) return false;
  const isCounts = (each: unknown): boolean => {
    if (!isObject(each)) return false;
    const { version, confirmed, enforced, silent } = each;
    return [version, confirmed, enforced, silent].every(isNumber);
  };
  return listOf(isCounts)(value['versions']);
}

function isEvent(value: unknown): boolean {
  return isObject(value) && isText(value['action']) && isObject(value['data']);
}

function isDelivery(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { event, rule, to, sender, members, ageMs } = value;
  return (
    isEvent(event) &&
    isObject(rule) &&
    isText(rule['action']) &&
    isObject(to) &&
    (isText(to['conversation']) || Array.isArray(to['users']) || isText(to['topic']) || to['everyone'] === true) &&
    isText(sender) &&
    (members === undefined || (Array.isArray(members) && members.every(isText))) &&
    (ageMs === undefined || isNumber(ageMs))
  );
}

function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}
