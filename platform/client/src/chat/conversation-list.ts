// The list of the user's conversations as events and readings leave it: newest messages, unread counts.
// Reading it, and showing it: chat-state.ts.
import type { Participant, ConversationEntry } from './chat-api.ts';
import type { EventData, JsonObject } from '@belfry/protocol';
import { fromStored, newer, type ChatMessage } from './message-adapter.ts';

/** Facts of a conversation, as the list knows them. */
export interface ConversationFacts {
  title: string | undefined;
  /** The app's own. */
  metadata: JsonObject | undefined;
  participants: readonly Participant[];
  epoch: string;
  headSeq: number;
  unread: number;
  readSeq: number;
}

/** A conversation in the list. */
export interface ConversationItem extends ConversationFacts {
  readonly id: string;
  readonly title: string | undefined;
  readonly metadata: JsonObject | undefined;
  readonly participants: readonly Participant[];
  readonly lastMessage: ChatMessage | undefined;
  readonly unread: number;
  /** When something happened in it last, ms since the epoch. */
  readonly at: number;
}

export class ConversationList {
  readonly #items = new Map<string, ConversationItem>();
  /** Seqs that events added to `unread`, by conversation: those that a list read meanwhile may not have. */
  readonly #counted = new Map<string, number[]>();
  readonly #changed: (id: string) => void;

  /** `changed` is called after each change by an event or by the user, not while entries are taken. */
  constructor(changed: (id: string) => void) {
    this.#changed = changed;
  }

  get(id: string): ConversationItem | undefined {
    return this.#items.get(id);
  }

  /** Newest activity first. */
  inOrder(): ConversationItem[] {
    // Of the same moment, every client has the same order.
    return [...this.#items.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  }

  /**
   * A row of the server's list; `me` is the user whose list it is. False where its count may be of before the user
   * read something here.
   */
  take(entry: ConversationEntry, me: string | undefined): boolean {
    const { id, title, metadata, participants, epoch, createdAt, unreadCount, cursors } = entry;
    const known = this.#items.get(id);
    const before = known?.epoch === epoch ? known : undefined;
    // Events may have overtaken the list, and what was read here may be on its way to the server still.
    const headSeq = Math.max(entry.headSeq, before?.headSeq ?? 0);
    const readSeq = Math.max(cursors.read, before?.readSeq ?? 0);
    const isLater = (seq: number): boolean => seq > Math.max(entry.headSeq, readSeq);
    const later = before ? (this.#counted.get(id) ?? []).filter(isLater) : [];
    this.#counted.set(id, later);
    const unread = (readSeq >= entry.headSeq ? 0 : unreadCount) + later.length;
    const lastMessage = newestOf(before?.lastMessage, entry, me);
    const at = lastMessage?.at ?? Date.parse(createdAt);
    const facts = { title, metadata, participants, epoch, headSeq, unread, readSeq };
    this.#items.set(id, { id, ...facts, lastMessage, at });
    return readSeq === cursors.read || readSeq >= entry.headSeq;
  }

  /** `conversation_changed`: what is given is the whole new value, or null where it was taken away. */
  change({ conversationId: id, title, metadata, participants }: EventData<'conversation_changed'>): void {
    this.update(id, (item) => ({
      ...(title !== undefined && { title: title ?? undefined }),
      ...(metadata !== undefined && { metadata: metadata ?? undefined }),
      ...(participants && { participants: changedPeople(item.participants, participants) }),
    }));
  }

  /** Whether it was there. */
  remove(id: string): boolean {
    this.#counted.delete(id);
    return this.#items.delete(id);
  }

  clear(): void {
    this.#items.clear();
    this.#counted.clear();
  }

  /** A message that is there now. `isUnread`: it counts as unread. */
  seen(message: ChatMessage, isUnread = false): void {
    const { conversationId: id, seq = 0 } = message;
    this.update(id, ({ headSeq, unread }) => {
      if (seq <= headSeq) return {};
      if (isUnread) this.#counted.set(id, [...(this.#counted.get(id) ?? []), seq]);
      // One that was deleted before it came is nothing to show.
      if (message.deletedAt !== undefined) return { headSeq: seq };
      return { lastMessage: message, at: message.at, headSeq: seq, unread: unread + Number(isUnread) };
    });
  }

  /** The user has read up to here in this client, and so many are left. */
  readUpTo(id: string, seq: number, unread: number): void {
    this.update(id, (item) => ({ readSeq: Math.max(item.readSeq, seq), unread: Math.min(unread, item.unread) }));
  }

  /** The user has read up to here on another device. False: only the server knows how many are left. */
  readElsewhere(id: string, seq: number): boolean {
    const { headSeq = 0, readSeq = 0 } = this.#items.get(id) ?? {};
    if (seq <= readSeq) return true;
    this.update(id, () => ({ readSeq: seq, ...(seq >= headSeq && { unread: 0 }) }));
    return seq >= headSeq;
  }

  update(id: string, change: (item: ConversationItem) => Partial<ConversationItem>): void {
    const item = this.#items.get(id);
    if (!item) return;
    const next = { ...item, ...change(item) };
    this.#items.set(id, next);
    if (next.unread === 0) this.#counted.set(id, []);
    this.#changed(id);
  }
}

/** A row has the newest message up to its head; what events brought beyond that is newer. */
function newestOf(
  before: ChatMessage | undefined,
  { headSeq, lastMessage: stored }: ConversationEntry,
  me: string | undefined,
): ChatMessage | undefined {
  if (before && (before.seq ?? 0) > headSeq) return before;
  const read = stored && fromStored(stored, me);
  return before && read && read.seq === before.seq ? newer(before, read) : read;
}

function changedPeople(
  people: readonly Participant[],
  { added, removed, changed }: NonNullable<EventData<'conversation_changed'>['participants']>,
): Participant[] {
  const byId = new Map(people.map((person) => [person.userId, person]));
  for (const userId of removed) byId.delete(userId);
  for (const person of [...added, ...changed]) byId.set(person.userId, { ...byId.get(person.userId), ...person });
  return [...byId.values()];
}
