// Changes who is in a conversation, and lists them with how far each has read. Membership, asked for again
// and again, is audiences.ts.

import { isDeepStrictEqual } from 'node:util';
import {
  conversationStream,
  metadataBytes,
  notFound,
  BelfryError,
  type Participant as WireParticipant,
} from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts, ParticipantChanged } from '../ports/facts.ts';
import type { ConversationStore, CursorStore, Participant } from '../ports/stores/index.ts';
import type { Audiences } from './audiences.ts';
import type { StreamLog } from './stream-log.ts';
import type { ListChanges } from './list-changes.ts';
import { mergeMetadata, type Metadata } from './metadata.ts';
import { viewParticipant } from './views.ts';

export interface ParticipantInput {
  userId: string;
  role?: string | undefined;
  metadata?: Metadata | undefined;
}

/** What is left out stays; metadata are merged, or with null taken away. */
export interface ParticipantPatch extends Omit<ParticipantInput, 'metadata'> {
  metadata?: Metadata | null | undefined;
}

export interface ParticipantsDeps {
  store: ConversationStore;
  cursors: CursorStore;
  log: Pick<StreamLog, 'head'>;
  audiences: Audiences;
  clock: Pick<Clock, 'now'>;
  facts: Pick<Facts, 'record'>;
  listChanges: Pick<ListChanges, 'participants'>;
  /** Participants of one conversation. */
  maxParticipants: number;
}

const defaultRole = 'member';

export class Participants {
  readonly #deps: ParticipantsDeps;

  constructor(deps: ParticipantsDeps) {
    this.#deps = deps;
  }

  /** With how far each has read. */
  async list(app: AppId, id: string, viewer?: string): Promise<WireParticipant[]> {
    const { participants } = await this.#deps.audiences.requireMember(app, id, viewer);
    return await this.#withReadState(app, id, participants);
  }

  /** Undefined for a user who is not in it. */
  async find(app: AppId, id: string, userId: string): Promise<WireParticipant | undefined> {
    const { participants } = await this.#deps.audiences.requireMember(app, id, undefined);
    const asked = participants.filter((each) => each.userId === userId);
    const [found] = await this.#withReadState(app, id, asked);
    return found;
  }

  /** Throws `too_many` for one more than a conversation may have. */
  async put(app: AppId, id: string, input: ParticipantInput): Promise<'added' | 'changed'> {
    const { store, log, audiences, clock, listChanges, maxParticipants } = this.#deps;
    const { participants } = await audiences.requireMember(app, id, undefined);
    const before = participants.find(({ userId }) => userId === input.userId);
    if (before === undefined) refuseTooMany(participants.length + 1, maxParticipants);
    const { seq } = await log.head(app, conversationStream(id));
    const participant = participantOf(input, clock.now());
    const outcome = await store.putParticipant(app, id, participant);
    if (outcome === 'missing') throw notFound('conversation');
    if (outcome === 'added') await this.#startAt(app, conversationStream(id), { userIds: [input.userId], seq });
    // As it was: no news to anybody.
    if (outcome === 'changed' && before !== undefined && isSame(before, participant)) return outcome;
    await audiences.changed(app, id);
    this.#record(app, id, { type: `participant.${outcome}`, userId: input.userId, role: participant.role });
    const added = outcome === 'added' ? [participant] : [];
    const changed =
      outcome === 'changed' ? [{ ...participant, joinedAt: before?.joinedAt ?? participant.joinedAt }] : [];
    await listChanges.participants(app, id, { added, changed, removed: [] });
    return outcome;
  }

  /** Of somebody who is in it, else `not_found`. Throws `too_large`. */
  async patch(app: AppId, id: string, { userId, role, metadata }: ParticipantPatch): Promise<void> {
    const { participants } = await this.#deps.audiences.requireMember(app, id, undefined);
    const before = participants.find((each) => each.userId === userId);
    if (before === undefined) throw notFound('participant');
    await this.put(app, id, {
      userId,
      role: role ?? before.role,
      metadata:
        metadata === undefined ? before.metadata : mergeMetadata(before.metadata, metadata, metadataBytes.participant),
    });
  }

  /** As they are then. Throws `too_many`, and adds nobody then. */
  async add(app: AppId, id: string, inputs: readonly ParticipantInput[]): Promise<WireParticipant[]> {
    const { audiences, clock, maxParticipants } = this.#deps;
    const { userIds } = await audiences.requireMember(app, id, undefined);
    const present = new Set(userIds);
    const joining = participantsOf(inputs, clock.now()).filter(({ userId }) => !present.has(userId));
    refuseTooMany(present.size + joining.length, maxParticipants);
    await this.#change(app, id, { added: joining, changed: [], gone: [] });
    const asked = new Set(inputs.map(({ userId }) => userId));
    return (await this.list(app, id)).filter(({ userId }) => asked.has(userId));
  }

  async remove(app: AppId, id: string, userId: string): Promise<void> {
    const { store, audiences, listChanges } = this.#deps;
    if (!(await store.removeParticipant(app, id, userId))) throw notFound('participant');
    await audiences.changed(app, id);
    this.#record(app, id, { type: 'participant.removed', userId });
    await listChanges.participants(app, id, { added: [], changed: [], removed: [userId] });
  }

  /** From now on exactly these are in it. */
  async replaceAll(app: AppId, id: string, wanted: readonly Participant[]): Promise<void> {
    const present = (await this.#deps.store.participants(app, id))?.participants ?? [];
    const before = new Map(present.map((each) => [each.userId, each]));
    const staying = new Set(wanted.map(({ userId }) => userId));
    const added = wanted.filter(({ userId }) => !before.has(userId));
    const changed = wanted.flatMap((each) => {
      const known = before.get(each.userId);
      return known === undefined || isSame(known, each) ? [] : [{ ...each, joinedAt: known.joinedAt }];
    });
    const gone = present.filter(({ userId }) => !staying.has(userId)).map(({ userId }) => userId);
    await this.#change(app, id, { added, changed, gone });
  }

  async #change(
    app: AppId,
    id: string,
    {
      added,
      changed,
      gone,
    }: { added: readonly Participant[]; changed: readonly Participant[]; gone: readonly string[] },
  ): Promise<void> {
    const { store, log, audiences, listChanges } = this.#deps;
    const { seq } = await log.head(app, conversationStream(id));
    try {
      await Promise.all([...added, ...changed].map((participant) => store.putParticipant(app, id, participant)));
      await Promise.all(gone.map((userId) => store.removeParticipant(app, id, userId)));
      await this.#startAt(app, conversationStream(id), { userIds: added.map(({ userId }) => userId), seq });
    } finally {
      // Also after a failure: some of it may stand.
      await audiences.changed(app, id);
    }
    for (const { userId, role } of changed) this.#record(app, id, { type: 'participant.changed', userId, role });
    for (const { userId, role } of added) this.#record(app, id, { type: 'participant.added', userId, role });
    for (const userId of gone) this.#record(app, id, { type: 'participant.removed', userId });
    await listChanges.participants(app, id, { added, changed, removed: gone });
  }

  #record(app: AppId, conversationId: string, change: Pick<ParticipantChanged, 'type' | 'userId' | 'role'>): void {
    const { clock, facts } = this.#deps;
    facts.record(app, { atMs: clock.now(), conversationId, ...change });
  }

  async #withReadState(app: AppId, id: string, of: readonly Participant[]): Promise<WireParticipant[]> {
    const userIds = of.map(({ userId }) => userId);
    const read = await this.#deps.cursors.get(app, conversationStream(id), userIds);
    return of.map((each) => ({ ...viewParticipant(each), readSeq: read.get(each.userId)?.read ?? 0 }));
  }

  /** A user who joins, or comes back, has missed nothing before: neither unread nor owed a push. */
  async #startAt(
    app: AppId,
    stream: string,
    { userIds, seq }: { userIds: readonly string[]; seq: number },
  ): Promise<void> {
    if (userIds.length === 0) return;
    const { cursors } = this.#deps;
    await cursors.start(app, stream, { userIds, seq });
    // Where a cursor is left from an earlier time in the conversation, `start` does nothing.
    await cursors.advance(
      app,
      userIds.map((userId) => ({ userId, stream, read: seq, delivered: seq, seen: seq, seenMobile: seq })),
    );
  }
}

export function refuseTooMany(count: number, most: number): void {
  if (count <= most) return;
  throw new BelfryError('too_many', { message: `A conversation has at most ${most} participants.` });
}

/** One entry a user: of several the last holds. */
export function participantsOf(inputs: readonly ParticipantInput[], joinedAt: number): Participant[] {
  const byUser = new Map(inputs.map((input) => [input.userId, participantOf(input, joinedAt)]));
  return [...byUser.values()];
}

function participantOf({ userId, role = defaultRole, metadata }: ParticipantInput, joinedAt: number): Participant {
  return { userId, role, joinedAt, ...(metadata === undefined ? {} : { metadata }) };
}

/** Whether they are the same in it as before. */
function isSame(a: Participant, b: Participant): boolean {
  return a.role === b.role && isDeepStrictEqual(a.metadata, b.metadata);
}
