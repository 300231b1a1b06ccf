// Second stage: which users a broadcast means, and again which users a stored message was for. Which of their
// connections and devices get it is decided later.

import { BelfryError, notFound } from '@belfry/protocol';
import type { Audiences } from '../conversations/audiences.ts';
import { recipientsOf, strangersTo } from '../delivery/addressing.ts';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Kinds } from './kinds.ts';
import { isUser, refuseWrongRole } from './who-sends.ts';
import type { ValidBroadcast } from './validate.ts';

export interface ResolvedAudience {
  /**
   * Everybody whose connections the event concerns: all members of a conversation, so that none sees a hole.
   * Empty for topics and everyone.
   */
  members: readonly string[];
  /** The members it is for; undefined for topics and everyone, where it is for those who are connected. */
  recipients: readonly string[] | undefined;
  /** Targets that are not in the conversation. */
  strangers: readonly string[];
}

export type ResolveAudience = (app: AppId, broadcast: ValidBroadcast) => Promise<ResolvedAudience>;

export function createResolveAudience(deps: { audiences: Pick<Audiences, 'get'> }): ResolveAudience {
  return async (app, broadcast) => {
    const { audience, row, addressing } = broadcast;
    if ('topic' in audience || 'everyone' in audience) return { members: [], recipients: undefined, strangers: [] };
    const members = 'users' in audience ? [...new Set(audience.users)] : await membersOf(app, broadcast, audience);
    return {
      members,
      recipients: recipientsOf(members, addressing, row.sender),
      strangers: strangersTo(members, addressing),
    };
  };

  async function membersOf(
    app: AppId,
    { senderId, origin, row: { kind, sentBy, needsSender } }: ValidBroadcast,
    { conversation }: { conversation: string },
  ): Promise<readonly string[]> {
    const found = await deps.audiences.get(app, conversation);
    const byUser = isUser(origin);
    // The same answer for a conversation that is not there and one that the sender is not in.
    const role = senderId === undefined ? undefined : found?.roleOf(senderId);
    if (found === undefined || (byUser && role === undefined)) throw notFound('conversation');
    // What needs a sender is somebody's word in the conversation; other kinds are a system's.
    if (needsSender && role === undefined) {
      const message = `The sender of a ${kind} must be a participant of the conversation.`;
      throw new BelfryError('invalid_body', { message, path: ['sender'] });
    }
    if (byUser) refuseWrongRole({ kind, sentBy }, role);
    return found.userIds;
  }
}

export type RecipientsOf = (app: AppId, message: StoredMessage) => Promise<readonly string[]>;

/**
 * The recipients of a stored message, for the relay that redoes a push. The same rules as for a fresh
 * broadcast.
 */
export function createRecipientsOf(deps: {
  kinds: Pick<Kinds, 'find'>;
  membersOf(app: AppId, conversationId: string): Promise<readonly string[]>;
}): RecipientsOf {
  return async (app, message) => {
    const { stream, conversationId, kind } = message;
    if (stream.startsWith('i:') || conversationId === undefined) return [stream.slice(2)];
    const row = await deps.kinds.find(app, kind);
    return recipientsOf(await deps.membersOf(app, conversationId), message, row?.sender ?? 'like_anybody');
  };
}
