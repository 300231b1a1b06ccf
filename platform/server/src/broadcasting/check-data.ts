// Checks the data of a broadcast by what its kind carries: a message that its type accepts, a notice, typing
// or read state, anything. Reads no store.

import type { MessageSender, MessageType } from '@belfry/plugin-kit';
import {
  BelfryError,
  consultantNameSchema,
  messageDraftFields,
  messageTypeFeature,
  parseWith,
  type Audience,
  fromZodError,
  inWords,
} from '@belfry/protocol';
import type { Session } from '../sessions/session.ts';
import type { KindRow } from './kinds.ts';

export interface DataContext {
  /** The message type that the data names, where it is there. */
  messageType: MessageType | undefined;
  sender: MessageSender;
  audience: Audience;
  /** Whether the data may say under which name a consultant replies: for back ends to say, not for users. */
  mayNameConsultant: boolean;
  /** The connection it came by. */
  session: Session | undefined;
}

/**
 * Clients show for this long that somebody types, without hearing again (docs/delivery.md, kind `typing`).
 */
const typingExpiresMs = 6000;
/**
 * The most that one event's data may take, as JSON in UTF-8; message types have limits of their own below it.
 */
const maxDataBytes = 32_768;

/**
 * The data as it will be stored. Throws `unknown_message_type`, `invalid_content`, `feature_disabled` and
 * `too_large`.
 */
export function checkData(
  carries: KindRow['carries'],
  data: Record<string, unknown>,
  context: DataContext,
): Record<string, unknown> {
  const checked = checkByForm(carries, data, context);
  const text = JSON.stringify(checked);
  // No character takes more than three bytes, so nearly all are measured by their length.
  if (text.length * 3 > maxDataBytes && Buffer.byteLength(text) > maxDataBytes)
    throw new BelfryError('too_large', { path: ['data'] });
  return checked;
}

function checkByForm(
  carries: KindRow['carries'],
  data: Record<string, unknown>,
  context: DataContext,
): Record<string, unknown> {
  switch (carries) {
    case 'message':
      return checkMessage(data, context);
    case 'notice':
      return checkNotice(data);
    case 'typing':
      if (typeof data['isTyping'] !== 'boolean') throw invalidData('isTyping', 'isTyping must be true or false.');
      return { isTyping: data['isTyping'], expiresInMs: typingExpiresMs };
    case 'read':
      return { seq: checkSeq(data['seq']), messageIds: data['messageIds'] ?? [] };
    case 'anything':
      return data;
  }
}

/** A type of a form that no plugin has is not repeated. */
function unknownType(type: unknown): BelfryError {
  const isName = typeof type === 'string' && /^[\w-]{1,64}$/.test(type);
  const message = isName ? `There is no message type ${type}.` : undefined;
  return new BelfryError('unknown_message_type', { ...(message !== undefined && { message }), path: ['type'] });
}

function checkMessage(
  { type, content, replyTo, mentions, metadata, consultantName }: Record<string, unknown>,
  { messageType, sender, audience, mayNameConsultant, session }: DataContext,
): Record<string, unknown> {
  if (typeof type !== 'string' || messageType === undefined) throw unknownType(type);
  refuseWithoutFeature(messageType, type, session);
  const checked = checkContent(messageType, content);
  const conversationId = 'conversation' in audience ? audience.conversation : undefined;
  const verdict = messageType.accept?.({ type, content: checked, conversationId }, sender) ?? true;
  if (verdict !== true) throw invalidContent([], verdict.refused);
  const { replyTo: replySchema, mentions: mentionsSchema, metadata: metadataSchema } = messageDraftFields;
  return {
    type,
    content: checked,
    ...(replyTo === undefined ? {} : { replyTo: parseWith(replySchema, replyTo, { path: ['replyTo'] }) }),
    ...(mentions === undefined ? {} : { mentions: parseWith(mentionsSchema, mentions, { path: ['mentions'] }) }),
    ...(metadata === undefined ? {} : { metadata: parseWith(metadataSchema, metadata, { path: ['metadata'] }) }),
    ...(consultantName === undefined || !mayNameConsultant ? {} : { consultantName: checkName(consultantName) }),
  };
}

function checkName(name: unknown): string {
  const checked = consultantNameSchema.safeParse(name);
  if (checked.success) return checked.data;
  throw invalidData('consultantName', 'consultantName must be a text of 1 to 128 characters.');
}

function refuseWithoutFeature(messageType: MessageType, type: string, session: Session | undefined): void {
  const feature = messageType.feature ?? messageTypeFeature.get(type);
  if (session === undefined || feature === undefined || session.page.features.has(feature)) return;
  throw new BelfryError('feature_disabled', { message: `This page has no ${feature}.` });
}

/**
 * The content as the message type returns it. Throws `invalid_content` with the path within the frame or
 * body, or `too_large`.
 */
export function checkContent(messageType: MessageType, content: unknown): Record<string, unknown> {
  if (content !== undefined && Buffer.byteLength(JSON.stringify(content)) > messageType.limits.bytes)
    throw new BelfryError('too_large', { path: ['content'] });
  const parsed = messageType.schema.safeParse(content, inWords);
  if (!parsed.success) throw fromZodError(parsed.error, { code: 'invalid_content', path: ['content'] });
  if (typeof parsed.data !== 'object' || parsed.data === null)
    throw invalidContent([], 'The content must be an object.');
  return parsed.data as Record<string, unknown>;
}

function checkNotice(data: Record<string, unknown>): Record<string, unknown> {
  for (const field of ['title', 'body'] as const) {
    if (data[field] !== undefined && typeof data[field] !== 'string') {
      throw invalidData(field, `${field} must be text.`);
    }
  }
  return data;
}

function checkSeq(seq: unknown): number {
  if (typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0) return seq;
  throw invalidData('seq', 'seq must be a position in the stream.');
}

function invalidContent(path: (string | number)[], message: string): BelfryError {
  return new BelfryError('invalid_content', { path: ['content', ...path], ...(message === '' ? {} : { message }) });
}

function invalidData(field: string, message: string): BelfryError {
  return new BelfryError('invalid_content', { path: ['data', field], message });
}
