// `conversations`: the user's conversations, newest activity first, with what is unread.

import type { CommandAnswer } from '@belfry/protocol';
import type { Conversations, ListPosition } from '../conversations/conversations.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Handler } from './command.ts';

/** Makes and reads the opaque cursors of lists; a cursor that was tampered with throws `bad_cursor`. */
export interface ListCursors {
  write(scope: { app: AppId; userId: string }, position: ListPosition): string;
  read(scope: { app: AppId; userId: string }, cursor: string): ListPosition;
}

export function createConversationsCommand(deps: {
  conversations: Pick<Conversations, 'list'>;
  cursors: ListCursors;
}): Handler<'conversations'> {
  return async ({ app, userId }, { cursor, limit, conversationIds: among }) => {
    const before = cursor === undefined ? undefined : deps.cursors.read({ app, userId }, cursor);
    const { conversations, next } = await deps.conversations.list(app, { userId, before, limit, among });
    const answer = {
      // The entries of a user's list have the user's cursors and unread counts.
      conversations: conversations as CommandAnswer<'conversations'>['conversations'],
      ...(next === undefined ? {} : { nextCursor: deps.cursors.write({ app, userId }, next) }),
    };
    return { answer };
  };
}
