// Conversations and their participants: made, changed, listed, left. Their messages: messages.ts; how far people have read: reading.ts.

import {
  BelfryError,
  conversationStream,
  type Conversation as WireConversation,
  type Participant as WireParticipant,
} from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  Conversation,
  ConversationStore,
  ConversationSummary,
  CursorStore,
  MessageStore,
  Participant,
} from '../ports/stores/index.ts';
import type { Audience, Audiences } from './audiences.ts';
import type { StreamLog } from './stream-log.ts';
import { viewConversation, viewMessage, viewParticipant } from './views.ts';

export interface ConversationInput {
  title?: string | undefined;
  attributes?: Record<string, unknown> | undefined;
  /** When given, exactly these are in it from now on. */
  participants?: readonly { userId: string; role?: string | undefined }[] | undefined;
}

/** Continues a list after the row that `activeAt` and `id` name. */
export interface ListPosition {
  activeAt: number;
  id: string;
}

export interface ConversationEntry extends WireConversation {
  lastMessage?: ReturnType<typeof viewMessage>;
  unreadCount: number;
  cursors: { delivered: number; read: number };
}

const defaultRole = 'member';

/** Every method that names a conversation rejects with `not_found` alike for one that is not there and for a viewer who is not in it. */
export type Conversations = ReturnType<typeof createConversations>;

export function createConversations(deps: {
  store: ConversationStore;
  messages: MessageStore;
  cursors: CursorStore;
  log: StreamLog;
  audiences: Audiences;
  clock: Clock;
}) {
  const { store, messages, cursors, log, audiences, clock } = deps;
  // Another node may have removed it and made it again: a head that is known here would then leave a hole in the new log.
  audiences.onChanged((app, id) => log.forget(app, conversationStream(id)));

  return {
    /** Makes it, or changes what is given of it. */
    async put(
      app: AppId,
      id: string,
      input: ConversationInput,
    ): Promise<{ conversation: WireConversation; created: boolean }> {
      const now = clock.now();
      const participants = participantsOf(input, now);
      const created = await store.create(app, newConversation(id, input, now), participants);
      if (created) {
        await audiences.changed(app, id);
      } else {
        if (input.title !== undefined || input.attributes !== undefined) await store.update(app, id, changeOf(input));
        if (input.participants !== undefined) await replaceParticipants(app, id, participants);
      }
      return { conversation: await view(app, id), created };
    },

    async get(app: AppId, id: string, viewer?: string): Promise<WireConversation> {
      await requireMember(app, id, viewer);
      return await view(app, id);
    },

    /** With `userId` those the user is in, with unread count and cursors; without, all of the app's. Newest activity first. */
    async list(
      app: AppId,
      page: { userId?: string | undefined; before?: ListPosition | undefined; limit: number },
    ): Promise<{ conversations: readonly (WireConversation | ConversationEntry)[]; next?: ListPosition }> {
      const { userId, before, limit } = page;
      const range = { ...(before === undefined ? {} : { before }), limit: limit + 1 };
      const found = userId === undefined ? await store.list(app, range) : await store.ofUser(app, userId, range);
      const rows = found.slice(0, limit);
      const conversations = userId === undefined ? await viewAll(app, rows) : await viewEntries(app, userId, rows);
      const last = rows.at(-1);
      return found.length > limit && last !== undefined
        ? { conversations, next: { activeAt: last.activeAt, id: last.conversation.id } }
        : { conversations };
    },

    async remove(app: AppId, id: string): Promise<void> {
      if (!(await store.remove(app, id))) throw new BelfryError('not_found');
      log.forget(app, conversationStream(id));
      await audiences.changed(app, id);
    },

    /** With how far each has read. */
    async participants(app: AppId, id: string, viewer?: string): Promise<WireParticipant[]> {
      return await withReadState(app, id, (await requireMember(app, id, viewer)).participants);
    },

    /** Undefined for a user who is not in it. */
    async participant(app: AppId, id: string, userId: string): Promise<WireParticipant | undefined> {
      const { participants } = await requireMember(app, id, undefined);
      const [found] = await withReadState(
        app,
        id,
        participants.filter((each) => each.userId === userId),
      );
      return found;
    },

    async putParticipant(
      app: AppId,
      id: string,
      input: { userId: string; role?: string | undefined },
    ): Promise<'added' | 'changed'> {
      const { seq } = await log.head(app, conversationStream(id));
      const participant = { userId: input.userId, role: input.role ?? defaultRole, joinedAt: clock.now() };
      const outcome = await store.putParticipant(app, id, participant);
      if (outcome === 'missing') throw new BelfryError('not_found');
      if (outcome === 'added') await startAt(app, conversationStream(id), { userIds: [input.userId], seq });
      await audiences.changed(app, id);
      return outcome;
    },

    async removeParticipant(app: AppId, id: string, userId: string): Promise<void> {
      if (!(await store.removeParticipant(app, id, userId))) throw new BelfryError('not_found');
      await audiences.changed(app, id);
    },

    requireMember,
  };

  async function requireMember(app: AppId, id: string, viewer: string | undefined): Promise<Audience> {
    const audience = await audiences.get(app, id);
    if (audience === undefined || (viewer !== undefined && audience.roleOf(viewer) === undefined))
      throw new BelfryError('not_found');
    return audience;
  }

  async function withReadState(app: AppId, id: string, of: readonly Participant[]): Promise<WireParticipant[]> {
    const userIds = of.map(({ userId }) => userId);
    const read = await cursors.get(app, conversationStream(id), userIds);
    return of.map((each) => ({ ...viewParticipant(each), readSeq: read.get(each.userId)?.read ?? 0 }));
  }

  async function replaceParticipants(
    app: AppId,
    id: string,
    wanted: readonly { userId: string; role: string; joinedAt: number }[],
  ): Promise<void> {
    const present = (await store.participants(app, id))?.participants ?? [];
    const roles = new Map(present.map(({ userId, role }) => [userId, role]));
    const staying = new Set(wanted.map(({ userId }) => userId));
    const { seq } = await log.head(app, conversationStream(id));
    const added = wanted.filter(({ userId }) => !roles.has(userId));
    const changed = wanted.filter(({ userId, role }) => roles.get(userId) !== role);
    const gone = present.filter(({ userId }) => !staying.has(userId));
    try {
      await Promise.all(changed.map((participant) => store.putParticipant(app, id, participant)));
      await Promise.all(gone.map(({ userId }) => store.removeParticipant(app, id, userId)));
      await startAt(app, conversationStream(id), { userIds: added.map(({ userId }) => userId), seq });
    } finally {
      // Also after a failure: some of it may stand.
      await audiences.changed(app, id);
    }
  }

  /** Who joins, or comes back, has missed nothing before: neither unread nor owed a push. */
  async function startAt(
    app: AppId,
    stream: string,
    { userIds, seq }: { userIds: readonly string[]; seq: number },
  ): Promise<void> {
    if (userIds.length === 0) return;
    await cursors.start(app, stream, { userIds, seq });
    // Where a cursor is left from an earlier time in the conversation, `start` does nothing.
    await cursors.advance(
      app,
      userIds.map((userId) => ({ userId, stream, read: seq, delivered: seq, seen: seq, seenMobile: seq })),
    );
  }

  async function view(app: AppId, id: string): Promise<WireConversation> {
    const [conversation, audience, head] = await Promise.all([
      store.get(app, id),
      audiences.get(app, id),
      log.head(app, conversationStream(id)),
    ]);
    if (conversation === undefined || audience === undefined) throw new BelfryError('not_found');
    return viewConversation(conversation, audience.participants, head);
  }

  async function viewAll(app: AppId, rows: readonly ConversationSummary[]): Promise<WireConversation[]> {
    const heads = await log.heads(
      app,
      rows.map(({ conversation }) => conversationStream(conversation.id)),
    );
    return Promise.all(
      rows.map(async ({ conversation }) => {
        const audience = await audiences.get(app, conversation.id);
        const head = heads.get(conversationStream(conversation.id)) ?? {
          epoch: conversation.epoch,
          seq: 0,
          firstSeq: 1,
        };
        return viewConversation(conversation, audience?.participants ?? [], head);
      }),
    );
  }

  async function viewEntries(
    app: AppId,
    userId: string,
    rows: readonly ConversationSummary[],
  ): Promise<ConversationEntry[]> {
    const streams = rows.map(({ conversation }) => conversationStream(conversation.id));
    const [views, newest, mine] = await Promise.all([
      viewAll(app, rows),
      messages.newest(app, userId, streams),
      cursors.ofUser(app, userId, streams),
    ]);
    const unread = await messages.countUnread(
      app,
      userId,
      streams.map((stream) => ({ stream, afterSeq: mine.get(stream)?.read ?? 0 })),
    );
    return views.map((conversation) => {
      const last = newest.get(conversation.stream);
      const cursor = mine.get(conversation.stream);
      return {
        ...conversation,
        ...(last === undefined ? {} : { lastMessage: viewMessage(conversation.id, last) }),
        unreadCount: unread.get(conversation.stream) ?? 0,
        cursors: { delivered: cursor?.delivered ?? 0, read: cursor?.read ?? 0 },
      };
    });
  }
}

/** One entry a user: of several the last holds. */
function participantsOf({ participants = [] }: ConversationInput, joinedAt: number) {
  const roles = new Map(participants.map(({ userId, role }) => [userId, role ?? defaultRole]));
  return [...roles].map(([userId, role]) => ({ userId, role, joinedAt }));
}

function newConversation(id: string, input: ConversationInput, now: number): Conversation {
  return { id, ...changeOf(input), epoch: 'e1', version: 1, createdAt: now };
}

function changeOf({ title, attributes }: ConversationInput): { title?: string; attributes?: Record<string, unknown> } {
  return { ...(title === undefined ? {} : { title }), ...(attributes === undefined ? {} : { attributes }) };
}
