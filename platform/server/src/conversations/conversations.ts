// Conversations: made, changed, listed, removed. Their members: participants.ts; their messages: messages.ts;
// their read cursors: reading.ts.

import { isDeepStrictEqual } from 'node:util';
import {
  conversationStream,
  metadataBytes,
  notFound,
  BelfryError,
  type Conversation as WireConversation,
  type Participant as WireParticipant,
} from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import type {
  Conversation,
  ConversationChange,
  ConversationStore,
  CursorStore,
  MessageStore,
} from '../ports/stores/index.ts';
import type { Audiences } from './audiences.ts';
import { ConversationViews, type ConversationEntry } from './conversation-views.ts';
import { ListChanges, type PublishListChange } from './list-changes.ts';
import { mergeMetadata, type Metadata } from './metadata.ts';
import {
  Participants,
  participantsOf,
  refuseTooMany,
  type ParticipantInput,
  type ParticipantPatch,
} from './participants.ts';
import type { StreamLog } from './stream-log.ts';

/** As it is from now on: what is left out is taken away. */
export interface ConversationInput {
  title?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
  /** When given, exactly these are in it from now on; left out, nobody comes or goes. */
  participants?: readonly ParticipantInput[] | undefined;
}

/** What is left out stays, what is null is taken away; metadata are merged. */
export interface ConversationPatch {
  title?: string | null | undefined;
  metadata?: Metadata | null | undefined;
}

/** Continues a list after the row that `activeAt` and `id` name. */
export interface ListPosition {
  activeAt: number;
  id: string;
}

export interface ListPage {
  userId?: string | undefined;
  before?: ListPosition | undefined;
  limit: number;
  among?: readonly string[] | undefined;
}

export interface ConversationsDeps {
  store: ConversationStore;
  messages: MessageStore;
  cursors: CursorStore;
  log: StreamLog;
  audiences: Audiences;
  clock: Clock;
  facts: Pick<Facts, 'record'>;
  /** Participants of one conversation. */
  maxParticipants: number;
}

/** Of two that merge at once one begins anew. */
const maxMerges = 10;

/**
 * Every method that names a conversation rejects with `not_found` alike for one that is not there and for a
 * viewer who is not in it.
 */
export class Conversations {
  readonly #deps: ConversationsDeps;
  readonly #participants: Participants;
  readonly #views: ConversationViews;
  readonly #listChanges = new ListChanges();

  constructor(deps: ConversationsDeps) {
    const { audiences, log } = deps;
    this.#deps = deps;
    this.#participants = new Participants({ ...deps, listChanges: this.#listChanges });
    this.#views = new ConversationViews(deps);
    // Another node may have removed it and made it again: a head that is known here would then leave a hole
    // in the new log.
    audiences.onChanged((app, id) => log.forget(app, conversationStream(id)));
  }

  /** Makes it, or replaces what it is. */
  async put(
    app: AppId,
    id: string,
    input: ConversationInput,
  ): Promise<{ conversation: WireConversation; created: boolean }> {
    const { store, audiences, clock, facts } = this.#deps;
    const { title = null, metadata = null } = input;
    const now = clock.now();
    const participants = participantsOf(input.participants ?? [], now);
    refuseTooMany(participants.length, this.#deps.maxParticipants);
    const created = await store.create(app, newConversation(id, input, now), participants);
    if (created) {
      await audiences.changed(app, id);
      const members = participants.map(({ userId, role }) => ({ userId, role }));
      facts.record(app, { type: 'conversation.created', atMs: now, conversationId: id, participants: members });
      const userIds = members.map(({ userId }) => userId);
      if (userIds.length > 0) await this.#listChanges.publish(app, { type: 'added', conversationId: id, userIds });
    } else {
      if (!(await this.#change(app, id, { title, metadata }))) throw notFound('conversation');
      if (input.participants !== undefined) await this.#participants.replaceAll(app, id, participants);
    }
    return { conversation: await this.#views.one(app, id), created };
  }

  /** Changes what is given of it. Throws `too_large`, and `conflict` when others change it again and again. */
  async patch(app: AppId, id: string, { title, metadata }: ConversationPatch): Promise<WireConversation> {
    for (let tries = 0; tries < maxMerges; tries += 1) {
      const ifMetadata = (await this.#deps.store.get(app, id))?.metadata;
      const change = {
        ...(title === undefined ? {} : { title }),
        ...(metadata === undefined
          ? {}
          : {
              metadata: mergeMetadata(ifMetadata, metadata, metadataBytes.conversation) ?? null,
              ifMetadata: ifMetadata ?? null,
            }),
      };
      if (await this.#change(app, id, change)) return await this.#views.one(app, id);
    }
    throw new BelfryError('conflict');
  }

  async get(app: AppId, id: string, viewer?: string): Promise<WireConversation> {
    await this.#deps.audiences.requireMember(app, id, viewer);
    return await this.#views.one(app, id);
  }

  /**
   * With `userId` those the user is in, with unread count and cursors; without, all of the app's. Newest
   * activity first. `among`, of a user's: the rows of these ids, in one page.
   */
  async list(
    app: AppId,
    page: ListPage,
  ): Promise<{ conversations: readonly (WireConversation | ConversationEntry)[]; next?: ListPosition }> {
    const { store } = this.#deps;
    const { userId, before, among } = page;
    const limit = among?.length ?? page.limit;
    const range = { ...(before === undefined ? {} : { before }), limit: limit + 1 };
    const found =
      userId === undefined
        ? await store.list(app, range)
        : await store.ofUser(app, userId, { ...range, ...(among === undefined ? {} : { among }) });
    const rows = found.slice(0, limit);
    const conversations =
      userId === undefined ? await this.#views.all(app, rows) : await this.#views.ofUser(app, userId, rows);
    const last = rows.at(-1);
    return found.length > limit && last !== undefined
      ? { conversations, next: { activeAt: last.activeAt, id: last.conversation.id } }
      : { conversations };
  }

  async remove(app: AppId, id: string): Promise<void> {
    const { store, log, audiences, clock, facts } = this.#deps;
    const present = (await store.participants(app, id))?.participants ?? [];
    if (!(await store.remove(app, id))) throw notFound('conversation');
    log.forget(app, conversationStream(id));
    await audiences.changed(app, id);
    const userIds = present.map(({ userId }) => userId);
    facts.record(app, { type: 'conversation.removed', atMs: clock.now(), conversationId: id, userIds });
    if (userIds.length > 0)
      await this.#listChanges.publish(app, { type: 'removed', conversationId: id, userIds, reason: 'deleted' });
  }

  /** Called after each change of the lists of users, and waited for: the calls above resolve after it. */
  onListChange(publish: PublishListChange): void {
    this.#listChanges.onChange(publish);
  }

  /** The row in the lists of these users, who are in it; those who see the same share one. */
  rowsOf(
    app: AppId,
    id: string,
    userIds: readonly string[],
  ): Promise<readonly { entry: ConversationEntry; userIds: readonly string[] }[]> {
    return this.#views.ofUsers(app, id, userIds);
  }

  /** With how far each has read. */
  participants(app: AppId, id: string, viewer?: string): Promise<WireParticipant[]> {
    return this.#participants.list(app, id, viewer);
  }

  /** Undefined for a user who is not in it. */
  participant(app: AppId, id: string, userId: string): Promise<WireParticipant | undefined> {
    return this.#participants.find(app, id, userId);
  }

  putParticipant(app: AppId, id: string, input: ParticipantInput): Promise<'added' | 'changed'> {
    return this.#participants.put(app, id, input);
  }

  patchParticipant(app: AppId, id: string, patch: ParticipantPatch): Promise<void> {
    return this.#participants.patch(app, id, patch);
  }

  /** These as well as who is in it; of those who are in it already nothing is changed. */
  addParticipants(app: AppId, id: string, inputs: readonly ParticipantInput[]): Promise<WireParticipant[]> {
    return this.#participants.add(app, id, inputs);
  }

  removeParticipant(app: AppId, id: string, userId: string): Promise<void> {
    return this.#participants.remove(app, id, userId);
  }

  /** A field that is put as it was is no change. False: another change came between. */
  async #change(app: AppId, id: string, wanted: ConversationChange): Promise<boolean> {
    const { store, clock, facts } = this.#deps;
    const before = await store.get(app, id);
    if (before === undefined) throw notFound('conversation');
    const known = { title: before.title, metadata: before.metadata };
    const after = await store.update(app, id, wanted);
    if (after === undefined) return false;
    const { title, metadata } = after;
    const change = {
      ...(title === known.title ? {} : { title: title ?? null }),
      ...(isDeepStrictEqual(metadata, known.metadata) ? {} : { metadata: metadata ?? null }),
    };
    if (Object.keys(change).length === 0) return true;
    facts.record(app, { type: 'conversation.changed', atMs: clock.now(), conversationId: id, ...change });
    await this.#listChanges.publish(app, { type: 'changed', conversationId: id, ...change });
    return true;
  }
}

function newConversation(id: string, input: ConversationInput, now: number): Conversation {
  const { title, metadata } = input;
  return {
    id,
    ...(title === undefined ? {} : { title }),
    ...(metadata === undefined ? {} : { metadata }),
    ...{ epoch: 'e1', version: 1, createdAt: now },
  };
}
