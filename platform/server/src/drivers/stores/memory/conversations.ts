// Conversations and participants in memory. Not their messages, but for taking them along when a conversation goes.

import type { AppId } from '../../../ports/app-id.ts';
import type { Conversation, ConversationStore, ConversationSummary, Participant } from '../../../ports/stores/index.ts';
import { conversationStream, nextEpoch } from '../conversation-stream.ts';
import type { Synchronous } from '../synchronous.ts';
import type { MemoryCursors } from './cursors.ts';
import type { MemoryLogs } from './logs.ts';

interface Entry {
  conversation: Conversation;
  participants: Map<string, Participant>;
}

export function memoryConversations(logs: MemoryLogs, cursors: MemoryCursors): Synchronous<ConversationStore> {
  const apps = new Map<string, Map<string, Entry>>();

  const of = (app: string): Map<string, Entry> => {
    const found = apps.get(app) ?? new Map<string, Entry>();
    apps.set(app, found);
    return found;
  };
  const summary = (app: AppId, { conversation }: Entry): ConversationSummary => {
    const newestAt = logs.newestAt(app, conversationStream(conversation.id)) ?? 0;
    return { conversation, activeAt: Math.max(conversation.createdAt, newestAt) };
  };
  const page = (
    app: AppId,
    entries: readonly Entry[],
    { before, limit }: { before?: { activeAt: number; id: string }; limit: number },
  ): ConversationSummary[] =>
    entries
      .map((entry) => summary(app, entry))
      .sort((a, b) => b.activeAt - a.activeAt || compare(b.conversation.id, a.conversation.id))
      .filter(
        ({ activeAt, conversation: { id } }) =>
          before === undefined || activeAt < before.activeAt || (activeAt === before.activeAt && id < before.id),
      )
      .slice(0, limit);

  return {
    create(app, conversation, participants) {
      if (of(app).has(conversation.id)) return false;
      const stream = conversationStream(conversation.id);
      const epoch = logs.epoch(app, stream) ?? conversation.epoch;
      logs.setEpoch(app, stream, epoch);
      const people = new Map(participants.map((participant) => [participant.userId, participant]));
      of(app).set(conversation.id, { conversation: { ...conversation, epoch }, participants: people });
      return true;
    },
    get: (app, id) => of(app).get(id)?.conversation,
    getMany: (app, ids) =>
      new Map(
        ids.flatMap((id) => {
          const entry = of(app).get(id);
          return entry === undefined ? [] : [[id, entry.conversation] as const];
        }),
      ),
    update(app, id, { title, attributes }) {
      const conversation = of(app).get(id)?.conversation;
      if (conversation === undefined) return undefined;
      if (title !== undefined) conversation.title = title;
      if (attributes !== undefined) conversation.attributes = attributes;
      return conversation;
    },
    participants(app, id) {
      const entry = of(app).get(id);
      if (entry === undefined) return undefined;
      const participants = [...entry.participants.values()];
      participants.sort((a, b) => a.joinedAt - b.joinedAt || compare(a.userId, b.userId));
      return { version: entry.conversation.version, participants };
    },
    participant: (app, id, userId) => of(app).get(id)?.participants.get(userId),
    putParticipant(app, id, participant) {
      const entry = of(app).get(id);
      if (entry === undefined) return 'missing';
      const before = entry.participants.get(participant.userId);
      const joinedAt = before?.joinedAt ?? participant.joinedAt;
      entry.participants.set(participant.userId, { ...participant, joinedAt });
      if (before?.role !== participant.role) entry.conversation.version += 1;
      return before === undefined ? 'added' : 'changed';
    },
    removeParticipant(app, id, userId) {
      const entry = of(app).get(id);
      if (!entry?.participants.delete(userId)) return false;
      entry.conversation.version += 1;
      return true;
    },
    ofUser: (app, userId, request) =>
      page(
        app,
        [...of(app).values()].filter(({ participants }) => participants.has(userId)),
        request,
      ),
    list: (app, request) => page(app, [...of(app).values()], request),
    remove(app, id) {
      const entry = of(app).get(id);
      if (entry === undefined) return false;
      const stream = conversationStream(id);
      of(app).delete(id);
      logs.drop(app, stream);
      cursors.drop(app, stream);
      logs.setEpoch(app, stream, nextEpoch(entry.conversation.epoch));
      return true;
    },
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
