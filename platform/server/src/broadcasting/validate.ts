// First stage: turns a request into a broadcast that can be carried out, or says what is wrong with it. Reads
// kinds, message types and uploads, changes nothing.

import type { MessageSender, MessageType } from '@belfry/plugin-kit';
import { BelfryError, isVisitor, type Audience, type BroadcastRequest } from '@belfry/protocol';
import { uuidv7 } from 'uuidv7';
import type { AppId } from '../ports/app-id.ts';
import type { Addressing } from '../ports/stores/addressing.ts';
import type { StoredPolicy } from '../ports/stores/index.ts';
import type { Session } from '../sessions/session.ts';
import type { UploadReferences } from '../uploads/references.ts';
import { checkData } from './check-data.ts';
import { policyOf } from './delivery-policy.ts';
import { hashOf } from './idempotent.ts';
import { notByUsers, type KindRow, type Kinds } from './kinds.ts';
import { checkUploads } from './uploads.ts';
import { isUser, refuseWrongWay } from './who-sends.ts';

/** Where a broadcast comes from. */
export interface Origin {
  via: MessageSender['via'];
  /** The connection it came by. */
  session?: Session;
  roles?: readonly string[];
  /** The message whose content is sent again. */
  resendOf?: string;
  /** Called when the place of the broadcast among others of its sender is certain, before it is stored. */
  onQueued?: () => void;
  /** Settles when what comes before it has its place: it may have its own. Does not reject. */
  comesUp?: Promise<unknown>;
  /**
   * Settles when what comes before it is done. What a log puts in order by itself does not wait for it; does
   * not reject.
   */
  after?: Promise<unknown>;
}

/** A request that can be carried out. */
export interface ValidBroadcast {
  /** UUIDv7; the message's id, and the id that a journey is read by. */
  id: string;
  cid: string;
  row: KindRow;
  policy: StoredPolicy;
  /** As it will be stored. */
  data: Record<string, unknown>;
  /** The version of the message type that checked the content; undefined for what carries no message. */
  contentVersion: number | undefined;
  /** The uploads that its content refers to. */
  uploadIds: readonly string[];
  audience: Audience;
  senderId: string | undefined;
  /** The users within its audience that it is for. */
  addressing: Addressing;
  bodyHash: string;
  origin: Origin;
}

export interface ValidatorDeps {
  kinds: Pick<Kinds, 'find'>;
  messageType: (id: string) => MessageType | undefined;
  uploads: Pick<UploadReferences, 'check'>;
  limits: { audienceUsers: number };
}

export class Validator {
  readonly #deps: ValidatorDeps;

  constructor(deps: ValidatorDeps) {
    this.#deps = deps;
  }

  /** Throws what is wrong with the request. No effect. */
  async validate(app: AppId, request: BroadcastRequest, origin: Origin): Promise<ValidBroadcast> {
    const { audience, sender: senderId, targetUserIds, exclude } = request;
    const row = await this.#kindOf(app, request);
    refuseWrongWay(row, origin);
    refuseWrongAudience(row, request);
    this.#refuseTooMany(request);
    refuseWrongSender(row, senderId);
    const { type } = request.data;
    const messageType =
      row.carries === 'message' && typeof type === 'string' ? this.#deps.messageType(type) : undefined;
    const data = checkData(row.carries, request.data, {
      messageType,
      sender: { userId: senderId ?? '', via: origin.via, roles: origin.roles },
      audience,
      mayNameConsultant: row.kind === 'consultation_reply' && !isUser(origin),
      session: origin.session,
    });
    // After everything that needs no store: a request that is refused anyway causes no look-up.
    const uploadIds = messageType === undefined ? [] : await this.#uploadsIn(app, messageType, { data, senderId });
    const id = uuidv7();
    return {
      id,
      cid: request.idempotencyKey ?? id,
      row,
      policy: policyOf(row, request),
      data,
      contentVersion: messageType?.version,
      uploadIds,
      audience,
      senderId,
      addressing: { senderId, targets: targetUserIds, exclude },
      bodyHash: hashOf([row.kind, row.action, senderId, audience, targetUserIds, exclude, request.policy, data]),
      origin,
    };
  }

  async #kindOf(app: AppId, request: BroadcastRequest): Promise<KindRow> {
    const { kind, action, policy } = request;
    if (kind !== undefined) {
      const row = await this.#deps.kinds.find(app, kind);
      if (row === undefined)
        throw new BelfryError('unknown_kind', { message: `There is no kind ${kind}.`, path: ['kind'] });
      return row;
    }
    if (action === undefined || policy === undefined)
      throw invalid('kind', 'Either kind, or action and policy, is needed.');
    // An action with a policy of its own is kept where a push may have to find it again, and nowhere else.
    // Connected users as an audience have no log.
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
      sentBy: notByUsers,
      policy,
    };
  }

  #refuseTooMany({ audience, targetUserIds, exclude }: BroadcastRequest): void {
    const most = this.#deps.limits.audienceUsers;
    if ('users' in audience && audience.users.length > most) throw tooMany('audience', 'users');
    if (targetUserIds !== undefined && targetUserIds.length > most) throw tooMany('targetUserIds');
    if (exclude !== undefined && exclude.length > most) throw tooMany('exclude');
  }

  async #uploadsIn(
    app: AppId,
    plugin: MessageType,
    { data: { content }, senderId }: { data: Record<string, unknown>; senderId: string | undefined },
  ): Promise<readonly string[]> {
    if (typeof content !== 'object' || content === null) return [];
    return await checkUploads(app, { plugin, content: { ...content }, senderId }, this.#deps.uploads);
  }
}

function refuseWrongSender(row: KindRow, sender: string | undefined): void {
  if (row.needsSender && sender === undefined) throw invalid('sender', `A ${row.kind} needs a sender.`);
  if (sender !== undefined && isVisitor(sender)) throw invalid('sender', 'A visitor can send nothing.');
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

function invalid(field: string, message: string): BelfryError {
  return new BelfryError('invalid_body', { path: [field], message });
}

function tooMany(...path: string[]): BelfryError {
  return new BelfryError('too_many', { path });
}
