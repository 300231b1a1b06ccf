// A chat over a server that the test plays: what the server has, how it answers, and what the chat asked for.
import type { JsonObject, Message } from '@belfry/protocol';
import { afterEach, beforeEach, expect } from 'vitest';
import { createChat, type Chat } from '../../src/chat/chat-state.ts';
import type { Conversation } from '../../src/chat/conversation.ts';
import { connectBelfry, type StartedBelfry } from './started-belfry.ts';
import { sampleToken } from './virtual-surroundings.ts';

export const timestamp = '2026-01-01T00:00:00.000Z';

export let started: StartedBelfry;
export let chat: Chat;
export let stops: (() => void)[];
/** The server's log of `c1`. */
export let log: Message[];
let unreadCount: number;
/** Requests fail with this status while it is set. */
let failing: number | undefined;
let user: string;
/** What the server has in the list. */
export let rows: Map<string, () => JsonObject>;

/** Before each test of the file a client is connected, with its chat; after it both end. */
export function playChat(): void {
  beforeEach(async () => {
    rows = new Map([
      ['c1', entry],
      ['c2', () => ({ ...entry(), id: 'c2', stream: 'c:c2', lastMessage: undefined, unreadCount: 0 })],
    ]);
    log = [stored(1, 'one'), stored(2, 'two')];
    unreadCount = 0;
    failing = undefined;
    user = 'alice';
    started = await connectBelfry({ getToken: () => sampleToken({ sub: user }) });
    started.virtual.answerHttp = ({ path }) => {
      if (failing !== undefined) return Response.json({ code: 'unavailable', detail: '' }, { status: failing });
      if (path === '/conversations') return Response.json(rowsOf(newestUrl()));
      if (path === '/conversations/c1/messages') return Response.json(pageOf(newestUrl()));
      if (path === '/conversations/c1/pins') return Response.json(pageOf(newestUrl(), ({ pinned }) => pinned));
      if (path === '/messages/m1/replies') return Response.json(pageOf(newestUrl(), ({ replyTo }) => replyTo === 'm1'));
      if (path === '/conversations/c1')
        return Response.json({ conversation: { ...facts(), id: 'c1', stream: 'c:c1' } });
      if (/c[12].participants$/.test(path)) return Response.json({ participants: facts()['participants'] });
      if (path === '/conversations/c2')
        return Response.json({ conversation: { ...facts(), id: 'c2', stream: 'c:c2' } });
      if (path === '/conversations/c2/messages') return Response.json({ messages: [], hasMore: false });
      return undefined;
    };
    play(started);
  });
  afterEach(async () => {
    for (const stop of stops) stop();
    await started.belfry.stop();
    expect(started.virtual.reported).toEqual([]);
  });
}

/** What the server has, and how it answers, from here on. */
export function serve(change: {
  log?: Message[];
  unreadCount?: number;
  failing?: number | undefined;
  user?: string;
}): void {
  ({ log = log, unreadCount = unreadCount, user = user } = change);
  if ('failing' in change) failing = change.failing;
}

/** Another client takes the place of the one before. */
export function play(client: StartedBelfry): void {
  started = client;
  chat = createChat(client.belfry);
  stops = [chat.start()];
}

export function newestUrl(): URL {
  return new URL(started.virtual.requests.at(-1)?.url ?? '');
}

function pageOf(
  { searchParams }: URL,
  fits: (message: Message) => unknown = () => true,
): { messages: Message[]; hasMore: boolean } {
  const before = Number(searchParams.get('beforeSeq') ?? Infinity);
  const older = log.filter((message) => message.seq < before && fits(message));
  return { messages: older.slice(-50), hasMore: older.length > 50 };
}

/** The list is `c1`; by its id `c2` is to be had, too. */
function rowsOf({ searchParams }: URL): { conversations: JsonObject[] } {
  const ids = searchParams.get('conversationIds')?.split(',') ?? ['c1'];
  const found = ids.map((id) => rows.get(id)?.());
  return { conversations: found.filter((row) => row !== undefined) };
}

function facts(): JsonObject {
  const participants = [
    { userId: 'alice', role: 'member' },
    { userId: 'bob', role: 'member' },
  ];
  return { title: 'Consultation', epoch: 'e1', headSeq: log.at(-1)?.seq ?? 0, participants, createdAt: timestamp };
}

export function entry(): JsonObject {
  const cursors = { delivered: 0, read: 0 };
  return { ...facts(), id: 'c1', stream: 'c:c1', lastMessage: log.at(-1), unreadCount, cursors };
}

export function stored(seq: number, text: string, more: Partial<Message> = {}): Message {
  return {
    messageId: `m${seq}`,
    conversationId: 'c1',
    stream: 'c:c1',
    seq,
    kind: 'message',
    action: 'new_message',
    senderId: 'bob',
    type: 'text',
    content: { text },
    timestamp,
    ...more,
  };
}

export async function open(id = 'c1'): Promise<Conversation> {
  const conversation = chat.conversation(id);
  stops.push(conversation.open());
  await started.virtual.clock.advance(0);
  return conversation;
}

export function texts(conversation: Conversation): unknown[] {
  return conversation.snapshot().messages.map(({ content, state }) => `${String(content['text'])} ${state}`);
}

export function arrive(seq: number, text: string): void {
  started.virtual.socket().message(seq, { data: { messageId: `m${seq}`, content: { text } } });
}

export function requested(path: string): number {
  return started.virtual.requests.filter(({ url }) => new URL(url).pathname === `/api/v1${path}`).length;
}
