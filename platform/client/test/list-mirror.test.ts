// The list of conversations after random histories with absences: the SDK's is held against the server's, as a
// fresh client reads it.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import { createChat, type Chat, type ConversationEntry } from '../src/chat/index.ts';
import { createRealClients, type RealClient, type RealClients } from './support/real-client.ts';

let server: WholeServer;
let clients: RealClients;
let runs = 0;

beforeAll(async () => {
  server = await startWholeServer();
  clients = createRealClients(() => ({ url: server.url, tokenOf: (...user) => server.tokenOf(...user) }));
});
afterEach(() => clients.stopAll());
afterAll(() => server.stop());

interface WithoutRoom {
  do: 'addMany' | 'leave' | 'comeBack' | 'settle';
}

interface InRoom {
  do: 'add' | 'takeOut' | 'rename' | 'erase' | 'readHere' | 'open' | 'say' | 'unsay' | 'readElsewhere';
  room: number;
  /** With `say`. */
  mine?: boolean;
  /** With `unsay` and `readElsewhere`: which message, counted from the last. */
  back?: number;
}

type Step = WithoutRoom | InRoom;

const rooms = 3;
const room = fc.nat(rooms - 1);
const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('add', 'takeOut', 'rename'), room }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('erase', 'readHere', 'open'), room }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('say'), room, mine: fc.nat(3).map((n) => n === 0) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('unsay', 'readElsewhere'), room, back: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('leave', 'comeBack', 'comeBack', 'settle') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('addMany') }) },
) as fc.Arbitrary<Step>;

/** One user's rooms, as back ends and others change them, and the client that mirrors them. */
class History {
  readonly #user: string;
  readonly #client: RealClient;
  readonly chat: Chat;
  readonly #messages = new Map<string, { messageId: string; seq: number }[]>();
  readonly #ends: (() => void)[];
  #many = 0;

  constructor(user: string) {
    this.#user = user;
    this.#client = clients.start(user);
    this.chat = createChat(this.#client.belfry);
    this.#ends = [this.chat.start()];
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (let count = 0; count < rooms; count += 1) await this.#put(`${this.#user}-${count}`);
    await this.#client.untilStatus('connected');
    for (const step of steps) await this.#do(step);
    this.#client.belfry.connect();
    await this.#client.untilStatus('connected');
  }

  async end(): Promise<void> {
    for (const end of this.#ends) end();
    await this.#client.belfry.stop();
  }

  async #do(step: Step): Promise<void> {
    const { belfry } = this.#client;
    if ('room' in step) await this.#inRoom(`${this.#user}-${step.room}`, step);
    else if (step.do === 'leave') belfry.disconnect();
    else if (step.do === 'comeBack') belfry.connect();
    else if (step.do === 'settle') await this.settle();
    else {
      this.#many += 1;
      const ids = Array.from({ length: 55 }, (_, index) => `${this.#user}-many-${this.#many}-${index}`);
      await Promise.all(ids.map((id) => this.#put(id)));
    }
  }

  async #inRoom(id: string, step: InRoom): Promise<void> {
    const messages = this.#messages.get(id) ?? [];
    const path = `/conversations/${id}`;
    if (step.do === 'add') await this.#put(id);
    else if (step.do === 'takeOut') await server.api('DELETE', `${path}/participants/${this.#user}`);
    else if (step.do === 'rename') await server.api('PUT', path, { title: `Title ${Math.random()}` });
    else if (step.do === 'erase') {
      await server.api('DELETE', path);
      this.#messages.delete(id);
    } else if (step.do === 'readHere') this.chat.conversation(id).markRead();
    else if (step.do === 'open') this.#ends.push(this.chat.conversation(id).open());
    else if (step.do === 'say') await this.#say(id, step.mine === true ? this.#user : 'ann');
    else {
      const message = messages.at(-1 - (step.back ?? 0));
      if (message === undefined) return;
      if (step.do === 'unsay') await server.api('DELETE', `/messages/${message.messageId}`);
      else await server.api('POST', `${path}/read`, { userId: this.#user, seq: message.seq });
    }
  }

  async #put(id: string): Promise<void> {
    await server.api('PUT', `/conversations/${id}`, { participants: [{ userId: 'ann' }, { userId: this.#user }] });
  }

  async #say(id: string, senderId: string): Promise<void> {
    const cid = crypto.randomUUID();
    const body = { senderId, cid, type: 'text', content: { text: cid } };
    const { status, body: answer } = await server.api('POST', `/chat/${id}/send`, body);
    const { messageId, seq } = answer as { messageId: string; seq: number };
    if (status === 201) this.#messages.set(id, [...(this.#messages.get(id) ?? []), { messageId, seq }]);
  }

  /** What was sent before has arrived. */
  async settle(): Promise<void> {
    const { belfry } = this.#client;
    if (belfry.snapshot().status === 'connected') await belfry.command('heartbeat', {}).catch(() => undefined);
  }
}

interface Row {
  id: string;
  title: string | undefined;
  unread: number;
  last: unknown;
  people: string[];
}

const rowOf = ({ id, title, unreadCount, lastMessage, participants }: ConversationEntry): Row => ({
  id,
  title,
  unread: unreadCount,
  last: lastMessage?.messageId,
  people: participants.map(({ userId }) => userId).sort(),
});

function shown(chat: Chat): Row[] {
  return chat.snapshot().conversations.map(({ id, title, unread, lastMessage, participants }) => ({
    id,
    title,
    unread,
    last: lastMessage?.id,
    people: participants.map(({ userId }) => userId).sort(),
  }));
}

/** All of the server's list, the first page of it apart. */
async function truth(userId: string): Promise<{ first: Set<string>; rows: Map<string, Row> }> {
  const rows = new Map<string, Row>();
  let first: Set<string> | undefined;
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ userId, limit: '50', ...(cursor && { cursor }) });
    const { body } = await server.api('GET', `/conversations?${query.toString()}`);
    const page = body as { conversations: ConversationEntry[]; nextCursor?: string };
    for (const entry of page.conversations) rows.set(entry.id, rowOf(entry));
    first ??= new Set(rows.keys());
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return { first, rows };
}

/** What is wrong with what is shown; undefined when it is as a fresh client would have it, or says there is more. */
function differenceOf(chat: Chat, { first, rows }: Awaited<ReturnType<typeof truth>>): unknown {
  const list = shown(chat);
  const wrong = list.filter((row) => JSON.stringify(row) !== JSON.stringify(rows.get(row.id)));
  const known = new Set(list.map(({ id }) => id));
  // Each room that is taken out, or gets older by a deletion, lets one row into the first page from behind it.
  const needed = chat.snapshot().hasMore ? [...first].slice(0, -rooms) : [...rows.keys()];
  const missing = needed.filter((id) => !known.has(id));
  if (wrong.length === 0 && missing.length === 0) return undefined;
  return { wrong: wrong.map((row) => ({ shown: row, server: rows.get(row.id) })), missing };
}

/** What is on its way needs some round trips: reads of rows, and marks of what is open. */
async function lastingDifference(history: History, user: string): Promise<unknown> {
  let difference: unknown = 'not looked at';
  for (let tries = 0; tries < 50 && difference !== undefined; tries += 1) {
    await history.settle();
    difference = differenceOf(history.chat, await truth(user));
  }
  return difference;
}

/** A room of the first page that is left, when more than one page is new. The page is read while others change. */
const takenOutOfPage: Step[] = [
  { do: 'leave' },
  { do: 'addMany' },
  { do: 'say', room: 1, mine: false },
  { do: 'comeBack' },
  ...Array.from({ length: 20 }, (): Step => ({ do: 'rename', room: 2 })),
  { do: 'takeOut', room: 1 },
];

/** A mark of what is not open, made without a connection. */
const readWhileAway: Step[] = [
  { do: 'say', room: 0, mine: false },
  { do: 'settle' },
  { do: 'leave' },
  { do: 'readHere', room: 0 },
];

test(
  'after any history the list is as a fresh client reads it, or says that there is more',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { minLength: 5, maxLength: 40 }), async (steps) => {
        runs += 1;
        const user = `user${runs}`;
        const history = new History(user);
        await history.run(steps);
        const { chat } = history;
        const difference = await lastingDifference(history, user);
        while (chat.snapshot().hasMore) await chat.loadMore();
        const differenceOfAll = await lastingDifference(history, user);
        await history.end();
        expect({ difference, differenceOfAll }).toEqual({});
      }),
      { numRuns: 25, endOnFailure: true, examples: [[readWhileAway], [takenOutOfPage]] },
    );
  },
);
