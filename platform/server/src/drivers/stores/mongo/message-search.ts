// Finds messages by their words. Which words a text has: ports/stores/search-terms.ts; where they are kept:
// message-document.ts.

import { mongo } from 'mongoose';
import type { AppId } from '../../../ports/app-id.ts';
import { isAddressedTo } from '../../../ports/stores/addressing.ts';
import type { MessageSearch, Page, StoredMessage } from '../../../ports/stores/index.ts';
import { conversationStream } from '../conversation-stream.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';
import type { ConversationDocument } from './conversation-document.ts';
import { notOfMessages, toMessage, type MessageDocument } from './message-document.ts';
import type { RemovedConversations } from './removed-conversations.ts';
import type { ReplyCounts } from './reply-counts.ts';

/** So many messages are looked at in one call: what few may see among many holds nobody up. */
const lookAt = 1000;
/** A word that no more messages have is looked up; beyond it, the newest messages are looked through for it. */
const fewEnough = 20_000;

/** Of the last message that was looked at. */
interface Place {
  storedAt: number;
  _id: mongo.ObjectId;
}

type Candidate = Stored<
  Pick<MessageDocument, 'stream' | 'storedAt' | 'conversationId' | 'sender' | 'targets' | 'exclude'>
>;

export interface MessageSearchParts {
  messages: Collection<MessageDocument>;
  conversations: Collection<ConversationDocument>;
  removed: RemovedConversations;
  replyCounts: ReplyCounts;
}

const newestFirst = { storedAt: -1, _id: -1 } as const;

export class MessageSearching {
  readonly #messages: Collection<MessageDocument>;
  readonly #conversations: Collection<ConversationDocument>;
  readonly #removed: RemovedConversations;
  readonly #replyCounts: ReplyCounts;

  constructor(parts: MessageSearchParts) {
    this.#messages = parts.messages;
    this.#conversations = parts.conversations;
    this.#removed = parts.removed;
    this.#replyCounts = parts.replyCounts;
  }

  async search(app: AppId, request: MessageSearch): Promise<Page<StoredMessage>> {
    const { candidates, next } = await this.#candidates(app, request);
    const seen = await this.#removed.without(app, await this.#seenBy(app, request.viewer, candidates));
    const shown = seen.slice(0, request.limit);
    const last = shown.at(-1);
    const hasMore = seen.length > request.limit && last !== undefined;
    const place = hasMore ? last : next;
    return {
      items: await this.#whole(app, shown),
      ...(place === undefined ? {} : { next: JSON.stringify([place.storedAt, place._id.toHexString()]) }),
    };
  }

  /** Newest first, with the place up to which there are no others, unless it is the end. */
  async #candidates(app: AppId, request: MessageSearch): Promise<{ candidates: Candidate[]; next?: Place }> {
    const { terms, conversationId, senderId, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER, after } = request;
    const words = terms.map((term) => ({ terms: beginningWith(term) }));
    const isOf: Filter<MessageDocument> = {
      ...{ app, deletedAt: trusted({ $exists: false }) },
      // Only messages of conversations have words.
      ...(terms.length === 0 && { stream: trusted({ $gte: 'c:', $lt: 'c;' }) }),
      ...(conversationId !== undefined && { stream: conversationStream(conversationId) }),
      ...(senderId !== undefined && { sender: senderId }),
    };
    const times = { storedAt: trusted({ $gte: fromMs, $lt: toMs }) };
    const bounds: object[] = [times, ...(after === undefined ? [] : [isBefore(readPlace(after))])];
    if (await this.#isRare(app, terms)) {
      const filter = { $and: [isOf, ...words, ...bounds] } as Filter<MessageDocument>;
      return this.#read(filter);
    }
    // The newest of all messages, whatever is in them: this bounds how many are looked at.
    const window = await this.#messages.find(
      { $and: [{ app }, ...bounds] },
      {
        ...{ only: ['storedAt'], sort: newestFirst, limit: lookAt },
      },
    );
    const last = window.at(-1);
    if (last === undefined) return { candidates: [] };
    const filter = { $and: [isOf, ...words, ...bounds, isFrom(last)] } as Filter<MessageDocument>;
    const { candidates } = await this.#read(filter);
    return { candidates, ...(window.length === lookAt && { next: last }) };
  }

  async #read(filter: Filter<MessageDocument>): Promise<{ candidates: Candidate[]; next?: Place }> {
    const candidates = await this.#messages.find(filter, {
      only: ['stream', 'storedAt', 'conversationId', 'sender', 'targets', 'exclude'],
      sort: newestFirst,
      limit: lookAt,
    });
    const last = candidates.at(-1);
    return { candidates, ...(candidates.length === lookAt && last !== undefined && { next: last }) };
  }

  /** Whether one of the words narrows it enough. */
  async #isRare(app: AppId, terms: readonly string[]): Promise<boolean> {
    for (const term of terms.toSorted((a, b) => b.length - a.length)) {
      if ((await this.#messages.count({ app, terms: beginningWith(term) }, fewEnough)) < fewEnough) return true;
    }
    return false;
  }

  /** Those in conversations that the viewer is in now, and addressed to them. */
  async #seenBy(
    app: AppId,
    viewer: string | undefined,
    candidates: readonly Candidate[],
  ): Promise<readonly Candidate[]> {
    if (viewer === undefined) return candidates;
    const ids = [...new Set(candidates.flatMap(({ conversationId }) => conversationId ?? []))];
    if (ids.length === 0) return [];
    const found = await this.#conversations.find(
      { app, id: trusted({ $in: ids }), 'participants.userId': viewer },
      { only: ['id'] },
    );
    const own = new Set(found.map(({ id }) => id));
    return candidates.filter(
      ({ conversationId = '', sender, targets, exclude }) =>
        own.has(conversationId) && isAddressedTo({ senderId: sender, targets, exclude }, viewer),
    );
  }

  async #whole(app: AppId, shown: readonly Candidate[]): Promise<StoredMessage[]> {
    if (shown.length === 0) return [];
    const found = await this.#messages.find(
      { _id: trusted({ $in: shown.map(({ _id }) => _id) }), deletedAt: trusted({ $exists: false }) },
      { without: notOfMessages, sort: newestFirst },
    );
    const corrected = await this.#replyCounts.corrected(app, found);
    return found.map((document) => toMessage(corrected.get(document._id.toHexString()) ?? document));
  }
}

/** Terms are letters and digits, which have no meaning of their own here. */
function beginningWith(term: string): RegExp {
  return new RegExp(`^${term.replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '.')}`, 'u');
}

function isBefore({ storedAt, _id }: Place): object {
  return { $or: [{ storedAt: trusted({ $lt: storedAt }) }, { storedAt, _id: trusted({ $lt: _id }) }] };
}

function isFrom({ storedAt, _id }: Place): object {
  return { $or: [{ storedAt: trusted({ $gt: storedAt }) }, { storedAt, _id: trusted({ $gte: _id }) }] };
}

function readPlace(after: string): Place {
  const [storedAt, id] = JSON.parse(after) as [number, string];
  return { storedAt, _id: new mongo.ObjectId(id) };
}
