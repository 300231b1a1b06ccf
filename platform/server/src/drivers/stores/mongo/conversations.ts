// Conversations and who is in them. What is left of removed ones: removed-conversations.ts.

import { BelfryError } from '@belfry/protocol';
import type { GatheredByApp } from '../../../concurrency/gathered-by-app.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Clock } from '../../../ports/clock.ts';
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
import { nextEpoch } from '../conversation-stream.ts';
import { trusted, type Collection, type Filter } from './collection.ts';
import {
  toConversation,
  toParticipant,
  toParticipantDocument,
  toSummary,
  type ConversationDocument,
} from './conversation-document.ts';
import { gatheredReads } from './gathered-reads.ts';
import type { LogLife } from './log-life.ts';
import type { RemovedConversations } from './removed-conversations.ts';

interface ListPage {
  before?: { activeAt: number; id: string };
  limit: number;
}

interface People {
  version: number;
  participants: readonly Participant[];
}

export interface MongoConversationsDeps {
  conversations: Collection<ConversationDocument>;
  removed: RemovedConversations;
  clock: Clock;
  life: LogLife;
}

/** Deletions that whoever removes a conversation waits for; the rest is swept afterwards. */
const partsOfRemoval = 4;
/** Conversations of which one read has the participants: each may have thousands. */
const peopleAtOnce = 100;
/** Others who change the same participant at the same time. */
const tries = 10;

const userIdsOf = { $map: { input: '$participants', as: 'each', in: '$$each.userId' } };
const isLive = { removedAt: trusted({ $exists: false }) };
const withoutPeople = { without: ['participants'] } as const;

export class MongoConversations implements ConversationStore {
  readonly #conversations: Collection<ConversationDocument>;
  readonly #removed: RemovedConversations;
  readonly #clock: Clock;
  readonly #life: LogLife;
  readonly #people: GatheredByApp<string, People>;

  constructor({ conversations, removed, clock, life }: MongoConversationsDeps) {
    this.#conversations = conversations;
    this.#removed = removed;
    this.#clock = clock;
    this.#life = life;
    this.#people = gatheredReads(peopleAtOnce, (app, ids) => this.#peopleOf(app, ids));
  }

  async create(app: AppId, conversation: Conversation, participants: readonly Participant[]): Promise<boolean> {
    const { id, title, metadata, epoch, version, createdAt } = conversation;
    const people = new Map(participants.map((each) => [each.userId, toParticipantDocument(each)]));
    const made: Omit<ConversationDocument, 'app' | 'id' | 'epoch'> = {
      ...(title !== undefined && { title }),
      ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
      ...{ version, createdAt, activeAt: createdAt, participants: [...people.values()] },
    };
    if (await this.#conversations.insert({ app, id, epoch, ...made })) return true;
    const isTombstone = { app, id, removedAt: trusted({ $exists: true }) };
    if ((await this.#conversations.findOne(isTombstone, { only: ['epoch'] })) === undefined) return false;
    // Also where it was swept: an append may have come afterwards, from a node that did not know yet.
    await this.#removed.sweep(app, id);
    const revived = await this.#conversations.update(isTombstone, {
      $set: made,
      $unset: { removedAt: 1, isUnswept: 1 },
    });
    return revived.modified > 0;
  }

  async get(app: AppId, id: string): Promise<Conversation | undefined> {
    const found = await this.#conversations.findOne({ app, id }, withoutPeople);
    return found?.removedAt === undefined ? found && toConversation(found, this.#life) : undefined;
  }

  async update(
    app: AppId,
    id: string,
    { title, metadata, ifMetadata }: ConversationChange,
  ): Promise<Conversation | undefined> {
    const set = {
      ...(typeof title === 'string' && { title }),
      ...(metadata !== undefined && metadata !== null && { metadata: JSON.stringify(metadata) }),
    };
    const unset = { ...(title === null && { title: 1 }), ...(metadata === null && { metadata: 1 }) };
    const before = ifMetadata === null ? trusted({ $exists: false }) : JSON.stringify(ifMetadata);
    const filter: Filter<ConversationDocument> = {
      ...{ app, id, ...isLive },
      ...(ifMetadata !== undefined && { metadata: before }),
    };
    const changes = {
      ...(Object.keys(set).length > 0 && { $set: set }),
      ...(Object.keys(unset).length > 0 && { $unset: unset }),
    };
    const found =
      Object.keys(changes).length === 0
        ? await this.#conversations.findOne(filter, withoutPeople)
        : await this.#conversations.change(filter, changes);
    return found === undefined ? undefined : toConversation(found, this.#life);
  }

  participants(app: AppId, id: string): Promise<People | undefined> {
    return this.#people.of(app, id);
  }

  async #peopleOf(app: AppId, ids: readonly string[]): Promise<ReadonlyMap<string, People>> {
    const only = ['id', 'version', 'participants', 'removedAt'] as const;
    const found = await this.#conversations.find({ app, id: trusted({ $in: [...ids] }) }, { only, sort: { id: 1 } });
    const live = found.filter(({ removedAt }) => removedAt === undefined);
    return new Map(
      live.map(({ id, version, participants = [] }) => {
        const people = participants.map(toParticipant);
        people.sort((a, b) => a.joinedAt - b.joinedAt || compare(a.userId, b.userId));
        return [id, { version, participants: people }];
      }),
    );
  }

  async putParticipant(app: AppId, id: string, participant: Participant): Promise<'added' | 'changed' | 'missing'> {
    const person = toParticipantDocument(participant);
    const { userId, role, metadata } = person;
    const place = { app, id, ...isLive };
    for (let tried = 0; tried < tries; tried += 1) {
      const other = { userId, $or: [{ role: { $ne: role } }, { metadata: { $ne: metadata } }] };
      const changed = await this.#conversations.update(
        { ...place, participants: trusted({ $elemMatch: other }) },
        { $set: { 'participants.$.role': role, 'participants.$.metadata': metadata }, $inc: { version: 1 } },
      );
      if (changed.matched > 0) return 'changed';
      const added = await this.#conversations.update(
        { ...place, 'participants.userId': trusted({ $ne: userId }) },
        { $push: { participants: person }, $inc: { version: 1 } },
      );
      if (added.matched > 0) return 'added';
      // The same again is no change: whoever adds the same people with every request does not empty the audience
      // caches.
      const same = await this.#conversations.findOne(
        { ...place, participants: trusted({ $elemMatch: { userId, role, metadata } }) },
        { only: ['id'] },
      );
      if (same !== undefined) return 'changed';
      if ((await this.#conversations.findOne(place, { only: ['id'] })) === undefined) return 'missing';
    }
    throw new BelfryError('unavailable', { cause: new Error('others keep changing the participant') });
  }

  async removeParticipant(app: AppId, id: string, userId: string): Promise<boolean> {
    const removed = await this.#conversations.update(
      { app, id, ...isLive, 'participants.userId': userId },
      { $pull: { participants: { userId } }, $inc: { version: 1 } },
    );
    return removed.matched > 0;
  }

  ofUser(
    app: AppId,
    userId: string,
    { among, ...page }: ListPage & { among?: readonly string[] },
  ): Promise<readonly ConversationSummary[]> {
    const isIn = { 'participants.userId': userId };
    return this.#page({ app, ...isIn, ...(among !== undefined && { id: trusted({ $in: [...among] }) }) }, page);
  }

  async sharing(app: AppId, userId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const asked = new Set(userIds);
    asked.delete(userId);
    if (asked.size === 0) return new Set();
    const list = [...asked];
    // Only those who were asked about are carried over, not all who are in the conversations.
    const found = await this.#conversations.aggregate<{ shared: string[] }>([
      { $match: { app, $and: [{ 'participants.userId': { $in: list } }, { 'participants.userId': userId }] } },
      { $project: { shared: { $setIntersection: [userIdsOf, { $literal: list }] } } },
    ]);
    return new Set(found.flatMap(({ shared }) => shared));
  }

  list(app: AppId, page: ListPage): Promise<readonly ConversationSummary[]> {
    return this.#page({ app }, page);
  }

  async search(
    app: AppId,
    { q, userId, before, limit }: ConversationSearch,
  ): Promise<{ items: FoundConversation[]; next?: ConversationPlace }> {
    const isIn = userId === undefined ? {} : { 'participants.userId': userId };
    const page = { ...(before === undefined ? {} : { before }), limit: lookAt };
    const summaries = await this.#page({ app, ...isIn }, page);
    const looked = summaries.map((summary) => ({ ...summary, id: summary.conversation.id }));
    const hasWords = wordsMatch(q);
    const others = looked.filter(({ conversation }) => !hasWords(conversation)).map(({ id }) => id);
    const ofPerson = new Set(await this.#amongOf(app, q, others));
    const { rows, ...more } = foundPage(
      looked,
      ({ id, conversation }) => hasWords(conversation) || ofPerson.has(id),
      limit,
    );
    const counts = await this.#countPeople(
      app,
      rows.map(({ id }) => id),
    );
    const items = rows.map(({ id, ...summary }) => ({ ...summary, participants: counts.get(id) ?? 0 }));
    return { items, ...more };
  }

  /** Those of `ids` that the user is in. */
  async #amongOf(app: AppId, userId: string, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0 || userId === '') return [];
    const filter = { app, 'participants.userId': userId, id: trusted({ $in: [...ids] }) };
    return (await this.#conversations.find(filter, { only: ['id'] })).map(({ id }) => id);
  }

  async #countPeople(app: AppId, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const counted = await this.#conversations.aggregate<{ id: string; count: number }>([
      { $match: { app, id: { $in: [...ids] } } },
      { $project: { id: 1, count: { $size: { $ifNull: ['$participants', []] } } } },
    ]);
    return new Map(counted.map(({ id, count }) => [id, count]));
  }

  async remove(app: AppId, id: string): Promise<boolean> {
    const found = await this.#conversations.findOne({ app, id, ...isLive }, { only: ['epoch'] });
    if (found === undefined) return false;
    const { modified } = await this.#conversations.update(
      { app, id, ...isLive, epoch: found.epoch },
      {
        $set: { removedAt: this.#clock.now(), isUnswept: true, epoch: nextEpoch(found.epoch) },
        $unset: { title: 1, metadata: 1, participants: 1, activeAt: 1 },
      },
    );
    if (modified === 0) return false;
    // The tombstone stands, so it is removed, whatever becomes of the sweeping.
    await this.#removed.sweep(app, id, partsOfRemoval).catch(() => false);
    return true;
  }

  async #page(filter: Filter<ConversationDocument>, { before, limit }: ListPage): Promise<ConversationSummary[]> {
    const isBefore =
      before === undefined
        ? { activeAt: trusted({ $exists: true }), ...isLive }
        : {
            ...isLive,
            activeAt: trusted({ $lte: before.activeAt }),
            $or: [
              { activeAt: trusted({ $lt: before.activeAt }) },
              { activeAt: before.activeAt, id: trusted({ $lt: before.id }) },
            ],
          };
    // `id` may be narrowed by `among` as well.
    const found = await this.#conversations.find(
      { $and: [filter, isBefore] },
      {
        ...withoutPeople,
        sort: { activeAt: -1, id: -1 },
        limit,
      },
    );
    return found.map((document) => toSummary(document, this.#life));
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
