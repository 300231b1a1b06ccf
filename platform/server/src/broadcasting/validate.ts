// First stage: turns a request into a broadcast that can be carried out, or says what is wrong with it. Reads kinds and message types, changes nothing.

import {
  BelfryError,
  deliveryPolicySchema,
  isVisitor,
  messageDraftFields,
  messageTypeFeature,
  parseWith,
  type Audience,
  type BroadcastRequest,
  type DeviceType,
} from '@belfry/protocol';
import type { MessageSender, MessageType } from '@belfry/plugin-kit';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../ports/app-id.ts';
import type { StoredPolicy } from '../ports/stores/index.ts';
import type { Session } from '../sessions/session.ts';
import type { UploadReferences } from '../uploads/references.ts';
import { hashOf } from './body-hash.ts';
import { checkUploads } from './judge-uploads.ts';
import type { KindRow, Kinds } from './kinds.ts';

/** Where a broadcast comes from. */
export interface Origin {
  via: MessageSender['via'];
  /** The connection it came by. */
  session?: Session;
  roles?: readonly string[];
  /** Called when the place of the broadcast among others of its sender is certain, before it is stored. */
  onQueued?: () => void;
  /** Settles when what comes before it is done. What a log puts in order by itself does not wait for it; does not reject. */
  after?: Promise<unknown>;
}

export interface ValidBroadcast {
  /** UUIDv7; the message's id, and the id that a journey is read by. */
  id: string;
  cid: string;
  row: KindRow;
  policy: StoredPolicy;
  /** As it will be stored. */
  data: Record<string, unknown>;
  /** The version of the message type that judged the content; undefined for what carries no message. */
  contentVersion: number | undefined;
  /** Those that its content refers to. */
  uploadIds: readonly string[];
  audience: Audience;
  senderId: string | undefined;
  targetUserIds: readonly string[] | undefined;
  exclude: readonly string[] | undefined;
  bodyHash: string;
  origin: Origin;
}

export type Validate = (app: AppId, request: BroadcastRequest, origin: Origin) => Promise<ValidBroadcast>;

/** How long clients show that somebody types without hearing again (delivery.md, kind `typing`). */
const typingExpiresMs = 6000;
/** The most that one event's data may take, as JSON in UTF-8; message types have limits of their own below it. */
const maxDataBytes = 32_768;

export function createValidate(deps: {
  kinds: Kinds;
  messageType: (id: string) => MessageType | undefined;
  uploads: Pick<UploadReferences, 'check'>;
}): Validate {
  const { kinds, messageType, uploads } = deps;

  return async (app, request, origin) => {
    const row = await resolveKind(app, request);
    refuseWrongAudience(row, request);
    if (row.needsSender && request.sender === undefined) throw invalid('sender', `A ${row.kind} needs a sender.`);
    if (request.sender !== undefined && isVisitor(request.sender))
      throw invalid('sender', 'A visitor can send nothing.');
    const data = checkData(row, request, origin);
    refuseTooLarge(data);
    const uploadIds = row.carries === 'message' ? await uploadsIn(app, data, request.sender) : [];
    const id = uuidv7();
    return {
      id,
      cid: request.idempotencyKey ?? id,
      row,
      policy: policyOf(row, request),
      data,
      contentVersion: row.carries === 'message' ? messageType(String(data['type']))?.version : undefined,
      uploadIds,
      audience: request.audience,
      senderId: request.sender,
      targetUserIds: request.targetUserIds,
      exclude: request.exclude,
      bodyHash: hashOf([
        row.kind,
        row.action,
        request.sender,
        request.audience,
        request.targetUserIds,
        request.exclude,
        request.policy,
        data,
      ]),
      origin,
    };
  };

  async function resolveKind(app: AppId, request: BroadcastRequest): Promise<KindRow> {
    const { kind, action, policy } = request;
    if (kind !== undefined) {
      const row = await kinds.find(app, kind);
      if (row === undefined) throw new BelfryError('unknown_kind', { path: ['kind'] });
      return row;
    }
    if (action === undefined || policy === undefined)
      throw invalid('kind', 'Either kind, or action and policy, is needed.');
    // An action with a policy of its own is kept where a push may have to find it again, and nowhere else. Those who are connected have no log.
    const form = formOf(request.audience);
    const durable = policy.push === 'never' || form === 'topic' || form === 'everyone' ? false : 'audience';
    const audience = ['conversation', 'users', 'topic', 'everyone'] as const;
    return {
      kind: action,
      action,
      audience,
      durable,
      carries: 'anything',
      needsSender: false,
      sender: 'like_anybody',
      policy,
    };
  }

  /** After everything that needs no store: who may not send at all causes no look-up. */
  async function uploadsIn(
    app: AppId,
    { type, content }: Record<string, unknown>,
    senderId: string | undefined,
  ): Promise<readonly string[]> {
    const plugin = typeof type === 'string' ? messageType(type) : undefined;
    if (plugin === undefined || typeof content !== 'object' || content === null) return [];
    return await checkUploads(app, { plugin, content: { ...content }, senderId }, uploads);
  }

  function checkData(
    row: KindRow,
    { data, sender, audience }: BroadcastRequest,
    origin: Origin,
  ): Record<string, unknown> {
    switch (row.carries) {
      case 'message':
        return checkMessage(
          data,
          { userId: sender ?? '', via: origin.via, roles: origin.roles },
          { audience, session: origin.session },
        );
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

  function checkMessage(
    data: Record<string, unknown>,
    sender: MessageSender,
    context: { audience: Audience; session: Session | undefined },
  ): Record<string, unknown> {
    const { type, content, replyTo, mentions } = data;
    const plugin = typeof type === 'string' ? messageType(type) : undefined;
    if (typeof type !== 'string' || plugin === undefined)
      throw new BelfryError('unknown_message_type', { path: ['type'] });
    refuseWithoutFeature(plugin, type, context.session);
    const judged = checkContent(plugin, content);
    const conversationId = 'conversation' in context.audience ? context.audience.conversation : undefined;
    const verdict = plugin.accept?.({ type, content: judged, conversationId }, sender) ?? true;
    if (verdict !== true) throw invalidContent([], verdict.refused);
    return {
      type,
      content: judged,
      ...(replyTo === undefined
        ? {}
        : { replyTo: parseWith(messageDraftFields.replyTo, replyTo, { path: ['replyTo'] }) }),
      ...(mentions === undefined
        ? {}
        : { mentions: parseWith(messageDraftFields.mentions, mentions, { path: ['mentions'] }) }),
    };
  }
}

/** What the message type makes of the content. Throws `invalid_content` with the path within the frame or body, or `too_large`. */
export function checkContent(plugin: MessageType, content: unknown): Record<string, unknown> {
  if (content !== undefined && Buffer.byteLength(JSON.stringify(content)) > plugin.limits.bytes)
    throw new BelfryError('too_large', { path: ['content'] });
  const parsed = plugin.schema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidContent(
      (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part)),
      issue?.message ?? '',
    );
  }
  if (typeof parsed.data !== 'object' || parsed.data === null)
    throw invalidContent([], 'The content must be an object.');
  return parsed.data as Record<string, unknown>;
}

function invalidContent(path: (string | number)[], message: string): BelfryError {
  return new BelfryError('invalid_content', { path: ['content', ...path], ...(message === '' ? {} : { message }) });
}

function refuseWithoutFeature(plugin: MessageType, type: string, session: Session | undefined): void {
  const feature = plugin.feature ?? messageTypeFeature[type];
  if (session === undefined || feature === undefined || session.page.features.has(feature)) return;
  throw new BelfryError('feature_disabled', { message: `This page has no ${feature}.` });
}

function refuseWrongAudience(row: KindRow, { audience, targetUserIds }: BroadcastRequest): void {
  const form = formOf(audience);
  if (!row.audience.includes(form))
    throw invalid('audience', `A ${row.kind} goes to ${row.audience.join(' or ')}, not to ${form}.`);
  if (targetUserIds !== undefined && form !== 'conversation' && form !== 'users') {
    throw invalid('targetUserIds', 'Only a conversation or named users can be narrowed to some of them.');
  }
}

function formOf(audience: Audience): KindRow['audience'][number] {
  if ('conversation' in audience) return 'conversation';
  if ('users' in audience) return 'users';
  return 'topic' in audience ? 'topic' : 'everyone';
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

function invalidData(field: string, message: string): BelfryError {
  return new BelfryError('invalid_content', { path: ['data', field], message });
}

function refuseTooLarge(data: Record<string, unknown>): void {
  const text = JSON.stringify(data);
  // No character takes more than three bytes, so nearly all are measured by their length.
  if (text.length * 3 > maxDataBytes && Buffer.byteLength(text) > maxDataBytes)
    throw new BelfryError('too_large', { path: ['data'] });
}

/** Of the kinds whose broadcasts narrow nothing, which are nearly all: the same object for every message of a kind. */
const wholePolicies = new WeakMap<KindRow, StoredPolicy>();

function policyOf(row: KindRow, { audience }: BroadcastRequest): StoredPolicy {
  if (audience.deviceTypes !== undefined || audience.connectionTypes !== undefined)
    return narrowedPolicy(row, audience);
  let policy = wholePolicies.get(row);
  if (policy === undefined) wholePolicies.set(row, (policy = narrowedPolicy(row, audience)));
  return policy;
}

function narrowedPolicy(row: KindRow, audience: Audience): StoredPolicy {
  const policy = deliveryPolicySchema.parse(row.policy);
  return {
    ...policy,
    // Without a log there is no cursor to decide a push by.
    ...(row.durable === false ? { push: 'never' as const } : {}),
    realtime: narrow(policy.realtime, audience.deviceTypes),
    ...(audience.connectionTypes === undefined ? {} : { connectionTypes: audience.connectionTypes }),
    ...(row.feature === undefined ? {} : { feature: row.feature }),
  };
}

function narrow(
  realtime: StoredPolicy['realtime'],
  deviceTypes: readonly DeviceType[] | undefined,
): StoredPolicy['realtime'] {
  if (deviceTypes === undefined || realtime === 'none') return realtime;
  const both = deviceTypes.filter((type) => realtime === 'all' || realtime.includes(type));
  return both.length === 0 ? 'none' : both;
}

function invalid(field: string, message: string): BelfryError {
  return new BelfryError('invalid_body', { path: [field], message });
}
