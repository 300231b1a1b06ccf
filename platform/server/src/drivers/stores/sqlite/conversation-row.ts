// Conversations and participants as rows. Not the statements: conversations.ts.

import type { Conversation, ConversationSummary, Participant } from '../../../ports/stores/index.ts';
import { lifeExpression } from './log-life.ts';
import { number, optionalJson, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

export const conversationColumns = `id, title, conversations.metadata, epoch || ${lifeExpression} AS epoch, version, created_at`;

export function toConversation(row: Row): Conversation {
  const conversation: Conversation = {
    id: text(row, 'id'),
    epoch: text(row, 'epoch'),
    version: number(row, 'version'),
    createdAt: number(row, 'created_at'),
  };
  const title = optionalText(row, 'title');
  if (title !== undefined) conversation.title = title;
  const metadata = optionalJson<Record<string, unknown>>(row, 'metadata');
  if (metadata !== undefined) conversation.metadata = metadata;
  return conversation;
}

export function toParticipant(row: Row): Participant {
  const metadata = optionalJson<Record<string, unknown>>(row, 'metadata');
  return {
    ...{ userId: text(row, 'user_id'), role: text(row, 'role'), joinedAt: number(row, 'joined_at') },
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Needs the column `active_at` beside those of the conversation. */
export function toSummary(row: Row): ConversationSummary {
  return { conversation: toConversation(row), activeAt: number(row, 'active_at') };
}
