// Makes the notification of what a user missed: title, body, count and data, in the device's language.
// Cutting it to size is truncate.ts.
import {
  previewLine,
  type MessageType,
  type NotificationPriority,
  type ProviderSupports,
  type PushNotification,
} from '@belfry/plugin-kit';
import type { AppId } from '../../ports/app-id.ts';
import type { Device, StoredMessage, UserProfile } from '../../ports/stores/index.ts';
import { collapseKeyOf } from './collapse-key.ts';
import { mostCounted } from './missed-messages.ts';
import { ttlLeftSeconds } from './retry-policy.ts';

/** The newest of the messages that are counted; more would fill the payload of most services with ids. */
const mostIds = 20;
const fallbackLocale = 'en';
const priorities: readonly NotificationPriority[] = ['low', 'normal', 'high', 'urgent'];

/** The part of a message type that a notification needs. */
type Previewer = Pick<MessageType, 'displayName' | 'preview'> &
  Partial<Pick<MessageType, 'version' | 'schema' | 'upgrade' | 'uploads'>>;

export type PreviewOf = (id: string) => Previewer | undefined;

export interface ContentParts {
  app: AppId;
  userId: string;
  /** Newest first; at least the first. */
  owed: readonly [StoredMessage, ...StoredMessage[]];
  device: Pick<Device, 'locale'>;
  senders: ReadonlyMap<string, UserProfile>;
  messageType: PreviewOf;
  /** Of the device's provider. */
  supports: ProviderSupports;
  nowMs: number;
}

/**
 * Text and life are the newest message's; the priority is the highest of all, as the notification stands for
 * each.
 */
export function notificationOf(parts: ContentParts): PushNotification {
  const { app, userId, owed, nowMs, supports } = parts;
  const [newest] = owed;
  const sender = senderOf(newest, parts);
  const isSilent = supports.silent === true && !carriesMessage(newest.data) && newest.data['silent'] === true;
  const counted = owed.slice(0, mostCounted);
  return {
    ...textOf(newest, parts),
    count: counted.length,
    collapseKey: collapseKeyOf(app, { stream: newest.stream, userId, own: newest.policy.collapseKey }),
    priority: highest(counted),
    ttlSeconds: ttlLeftSeconds(newest, nowMs),
    data: dataOf(newest, counted),
    ...(sender === undefined ? {} : { sender }),
    ...(isSilent ? { silent: true } : {}),
  };
}

type Text = Pick<PushNotification, 'title' | 'body'>;

function senderOf({ senderId }: StoredMessage, { senders }: Pick<ContentParts, 'senders'>): string | undefined {
  return senderId === undefined ? undefined : (senders.get(senderId)?.name ?? senderId);
}

function textOf(message: StoredMessage, { device, senders, messageType }: ContentParts): Text {
  const { data, kind } = message;
  const sender = senderOf(message, { senders });
  if (!carriesMessage(data))
    return { title: stringAt(data, 'title') ?? sender ?? kind, body: stringAt(data, 'body') ?? '' };
  const type = messageType(data.type);
  const preview = previewOf(type, message, device.locale ?? fallbackLocale);
  const named = sender ?? type?.displayName ?? data.type;
  // A reply of the consultant is told under the consultant's name, whatever the type would like.
  const title = kind === 'consultation_reply' ? (nameAt(data, 'consultantName') ?? named) : (preview?.title ?? named);
  return { title, body: preview?.body ?? previewLine(stringAt(data.content, 'text') ?? `[${data.type}]`) };
}

/** A plugin's code on contents of any age: what it throws or makes of them must not cost the push. */
function previewOf(type: Previewer | undefined, message: StoredMessage, locale: string): Partial<Text> | undefined {
  try {
    const made: unknown = type?.preview(contentFor(type, message), { locale });
    if (!isRecord(made)) return undefined;
    const title = stringAt(made, 'title');
    const body = stringAt(made, 'body');
    return { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
  } catch {
    return undefined;
  }
}

/**
 * Content stored under an older version is brought to the type's own, as the author of its preview may
 * expect. Of one without a version, the first.
 */
function contentFor({ version = 1, upgrade, schema }: Previewer, message: StoredMessage): unknown {
  const { contentVersion = 1, data } = message;
  if (contentVersion >= version || upgrade === undefined) return data['content'];
  const upgraded = upgrade(contentVersion, data['content']);
  return schema === undefined ? upgraded : schema.parse(upgraded);
}

/**
 * A notice's further fields come along; what leads the app to the right place can't be covered by them, but
 * for the action.
 */
function dataOf(newest: StoredMessage, counted: readonly StoredMessage[]): Record<string, unknown> {
  const { conversationId, stream, seq, senderId, data } = newest;
  const { title: _title, body: _body, silent: _silent, ...further } = data;
  return {
    action: conversationId === undefined ? 'open_inbox' : 'open_conversation',
    ...(carriesMessage(data) ? { type: data.type } : further),
    ...(conversationId === undefined ? {} : { conversationId }),
    messageIds: counted
      .slice(0, mostIds)
      .map(({ id }) => id)
      .toReversed(),
    ...(senderId === undefined ? {} : { senderId }),
    stream,
    seq,
  };
}

function highest(messages: readonly StoredMessage[]): NotificationPriority {
  const ranks = messages.map(({ policy }) => priorities.indexOf(policy.priority));
  return priorities[Math.max(...ranks)] ?? 'normal';
}

function carriesMessage(
  data: Record<string, unknown>,
): data is Record<string, unknown> & { type: string; content: Record<string, unknown> } {
  return typeof data['type'] === 'string' && isRecord(data['content']);
}

type TextField = 'title' | 'body' | 'text' | 'consultantName';

function stringAt(record: Record<string, unknown>, name: TextField): string | undefined {
  const value = record[name];
  return typeof value === 'string' ? value : undefined;
}

/** One line, as names are; undefined where nothing of it can be seen. */
function nameAt(record: Record<string, unknown>, name: TextField): string | undefined {
  return previewLine(stringAt(record, name) ?? '') || undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
