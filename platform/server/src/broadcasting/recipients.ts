// Who a stored message is for, asked again later: by the relay that redoes a push. The same rules as for a fresh broadcast.

import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Kinds } from './kinds.ts';

export type RecipientsOf = (app: AppId, message: StoredMessage) => Promise<readonly string[]>;

export function createRecipientsOf(deps: {
  kinds: Kinds;
  membersOf(app: AppId, conversationId: string): Promise<readonly string[]>;
}): RecipientsOf {
  return async (app, { stream, conversationId, kind, senderId, exclude, targets }) => {
    if (stream.startsWith('i:') || conversationId === undefined) return [stream.slice(2)];
    const leftOut = new Set(exclude);
    const row = await deps.kinds.find(app, kind);
    if (senderId !== undefined && row !== undefined && row.sender !== 'like_anybody') leftOut.add(senderId);
    const members = await deps.membersOf(app, conversationId);
    return members.filter((userId) => !leftOut.has(userId) && targets?.includes(userId) !== false);
  };
}
