// Second stage: which users a broadcast means. Which of their connections and devices get it is decided later.

import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { ValidBroadcast } from './validate.ts';

export interface ResolvedAudience {
  /** Everybody whose connections the event concerns: all members of a conversation, so that none sees a hole. Empty for topics and everyone. */
  members: readonly string[];
  /** Those it is for: members less the sender where the kind says so, less the excluded, narrowed to the targets. Undefined for topics and everyone: who is connected. */
  recipients: readonly string[] | undefined;
  /** Targets that are not in the conversation. */
  strangers: readonly string[];
}

export type ResolveAudience = (app: AppId, prepared: ValidBroadcast) => Promise<ResolvedAudience>;

/** Per list of members, those without the one who sent last: who goes on sending is answered with the same list, which later stages know again. */
const withoutSender = new WeakMap<readonly string[], { senderId: string; recipients: readonly string[] }>();

function allBut(members: readonly string[], senderId: string | undefined): readonly string[] {
  if (senderId === undefined) return members;
  const last = withoutSender.get(members);
  if (last?.senderId === senderId) return last.recipients;
  const recipients = members.filter((userId) => userId !== senderId);
  withoutSender.set(members, { senderId, recipients });
  return recipients;
}

export function createResolveAudience(deps: {
  /** Undefined when there is no such conversation. */
  audience(
    app: AppId,
    conversationId: string,
  ): Promise<{ userIds: readonly string[]; roleOf(userId: string): string | undefined } | undefined>;
}): ResolveAudience {
  return async (app, prepared) => {
    const { audience, row, senderId, targetUserIds, exclude, origin } = prepared;
    if ('topic' in audience || 'everyone' in audience) return { members: [], recipients: undefined, strangers: [] };
    const members = 'users' in audience ? [...new Set(audience.users)] : await membersOf(audience.conversation);
    const isWhole = exclude === undefined && targetUserIds === undefined;
    if (isWhole && (row.sender === 'like_anybody' || senderId === undefined))
      return { members, recipients: members, strangers: [] };
    if (isWhole) return { members, recipients: allBut(members, senderId), strangers: [] };
    const leftOut = new Set(exclude);
    if (row.sender !== 'like_anybody' && senderId !== undefined) leftOut.add(senderId);
    const targets = targetUserIds === undefined ? undefined : new Set(targetUserIds);
    const recipients = members.filter((userId) => !leftOut.has(userId) && targets?.has(userId) !== false);
    const known = targets === undefined ? undefined : new Set(members);
    return { members, recipients, strangers: [...(targets ?? [])].filter((userId) => known?.has(userId) === false) };

    async function membersOf(conversationId: string): Promise<readonly string[]> {
      const found = await deps.audience(app, conversationId);
      const isUser = origin.via === 'socket' || origin.via === 'http-user';
      // The same answer for a conversation that is not there and one that the sender is not in.
      if (found === undefined || (isUser && (senderId === undefined || found.roleOf(senderId) === undefined)))
        throw new BelfryError('not_found');
      return found.userIds;
    }
  };
}
