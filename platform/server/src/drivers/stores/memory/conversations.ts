// Conversations and participants in memory. Not their messages, but for taking them along when a conversation
// goes.

import { isDeepStrictEqual } from 'node:util';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  Conversation,
  ConversationChange,
  ConversationPlace,
  ConversationSearch,
  ConversationStore,
  ConversationSummary,
  FoundConversation,
  Participant,
} from '../../../ports/stores/index.ts';
import { foundPage, lookAt, wordsMatch } from '../conversation-search.ts';
import { conversationStream, nextEpoch } from '../conversation-stream.ts';
import type { Synchronous } from '../synchronous.ts';
import type { MemoryCursors } from './cursors.ts';
import type { MemoryLogs } from './logs.ts';

interface Entry {
  conversation: Conversation;
  participants: Map<string, Participant>;
}

interface ListPage {
  before?: { activeAt: number; id: string };
  limit: number;
}

export class MemoryConversations implements Synchronous<ConversationStore> {
  readonly #apps = new Map<AppId, Map<string, Entry>>();
  readonly #logs: MemoryLogs;
  readonly #cursors: MemoryCursors;

  constructor(logs: MemoryLogs, cursors: MemoryCursors) {
    this.#logs = logs;
    this.#cursors = cursors;
  }

  create(app: AppId, conversation: Conversation, participants: readonly Participant[]): boolean {
    if (this.#of(app).has(conversation.id)) return false;
    const stream = conversationStream(conversation.id);
    const epoch = this.#logs.hasEpoch(app, stream) ? this.#logs.epochOf(app, stream) : conversation.epoch;
    this.#logs.setEpoch(app, stream, epoch);
    const people = new Map(participants.map((participant) => [participant.userId, participant]));
    this.#of(app).set(conversation.id, { conversation: { ...conversation, epoch }, participants: people });
    return true;
  }

  get(app: AppId, id: string): Conversation | undefined {
    return this.#of(app).get(id)?.conversation;
  }

  update(app: AppId, id: string, { title, metadata, ifMetadata }: ConversationChange): Conversation | undefined {
    const conversation = this.get(app, id);
    if (conversation === undefined) return undefined;
    if (ifMetadata !== undefined && !isDeepStrictEqual(conversation.metadata ?? null, ifMetadata)) return undefined;
    if (title === null) delete conversation.title;
    else if (title !== undefined) conversation.title = title;
    if (metadata === null) delete conversation.metadata;
    else if (metadata !== undefined) conversation.metadata = metadata;
    return conversation;
  }

  participants(app: AppId, id: string): { version: number; participants: Participant[] } | undefined {
    const entry = this.#of(app).get(id);
    if (entry === undefined) return undefined;
    const participants = [...entry.participants.values()];
    participants.sort((a, b) => a.joinedAt - b.joinedAt || compare(a.userId, b.userId));
    return { version: entry.conversation.version, participants };
  }

  putParticipant(app: AppId, id: string, participant: Participant): 'added' | 'changed' | 'missing' {
    const entry = this.#of(app).get(id);
    if (entry === undefined) return 'missing';
    const before = entry.participants.get(participant.userId);
    const joinedAt = before?.joinedAt ?? participant.joinedAt;
    entry.participants.set(participant.userId, { ...participant, joinedAt });
    const isSame = before?.role === participant.role && isDeepStrictEqual(before.metadata, participant.metadata);
    if (!isSame) entry.conversation.version += 1;
    return before === undefined ? 'added' : 'changed';
  }

  removeParticipant(app: AppId, id: string, userId: string): boolean {
    const entry = this.#of(app).get(id);
    if (!entry?.participants.delete(userId)) return false;
    entry.conversation.version += 1;
    return true;
  }

  ofUser(app: AppId, userId: string, page: ListPage & { among?: readonly string[] }): ConversationSummary[] {
    const isMeant = ({ conversation: { id }, participants }: Entry): boolean =>
      participants.has(userId) && page.among?.includes(id) !== false;
    const own = [...this.#of(app).values()].filter(isMeant);
    return this.#page(app, own, page);
  }

  sharing(app: AppId, userId: string, userIds: readonly string[]): Set<string> {
    const own = [...this.#of(app).values()].filter(({ participants }) => participants.has(userId));
    return new Set(
      userIds.filter((asked) => asked !== userId && own.some(({ participants }) => participants.has(asked))),
    );
  }

  list(app: AppId, page: ListPage): ConversationSummary[] {
    return this.#page(app, [...this.#of(app).values()], page);
  }

  search(
    app: AppId,
    { q, userId, before, limit }: ConversationSearch,
  ): { items: FoundConversation[]; next?: ConversationPlace } {
    const page = { ...(before === undefined ? {} : { before }), limit: lookAt };
    const summaries = userId === undefined ? this.list(app, page) : this.ofUser(app, userId, page);
    const looked = summaries.map((summary) => ({ ...summary, id: summary.conversation.id }));
    const people = (id: string): ReadonlyMap<string, Participant> => this.#of(app).get(id)?.participants ?? new Map();
    const hasWords = wordsMatch(q);
    const isFound = ({ id, conversation }: (typeof looked)[number]): boolean =>
      hasWords(conversation) || people(id).has(q);
    const { rows, ...more } = foundPage(looked, isFound, limit);
    const items = rows.map(({ id, ...summary }) => ({ ...summary, participants: people(id).size }));
    return { items, ...more };
  }

  remove(app: AppId, id: string): boolean {
    const entry = this.#of(app).get(id);
    if (entry === undefined) return false;
    const stream = conversationStream(id);
    this.#of(app).delete(id);
    this.#logs.drop(app, stream);
    this.#cursors.drop(app, stream);
    this.#logs.setEpoch(app, stream, nextEpoch(entry.conversation.epoch));
    return true;
  }

  #of(app: AppId): Map<string, Entry> {
    const found = this.#apps.get(app) ?? new Map<string, Entry>();
    this.#apps.set(app, found);
    return found;
  }

  #page(app: AppId, entries: readonly Entry[], { before, limit }: ListPage): ConversationSummary[] {
    return entries
      .map(({ conversation }) => this.#summary(app, conversation))
      .sort((a, b) => b.activeAt - a.activeAt || compare(b.conversation.id, a.conversation.id))
      .filter(
        ({ activeAt, conversation: { id } }) =>
          before === undefined || activeAt < before.activeAt || (activeAt === before.activeAt && id < before.id),
      )
      .slice(0, limit);
  }

  #summary(app: AppId, conversation: Conversation): ConversationSummary {
    const newestAt = this.#logs.of(app, conversationStream(conversation.id)).at(-1)?.storedAt ?? 0;
    return { conversation, activeAt: Math.max(conversation.createdAt, newestAt) };
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
