// The list of conversations as a mirror, over two nodes: what a back end changes on one is heard on both, and
// the list says the same.

import { beforeEach, describe, expect, test } from 'vitest';
import { broadcast, putConversation, say, succeed } from '../support/clinic.ts';
import type { Frame, SocketClient } from '../support/socket-client.ts';
import { startTwoGateways } from '../support/two-gateways.ts';

type Two = Awaited<ReturnType<typeof startTwoGateways>>;
type Row = Record<string, unknown> & { id: string };

interface Change {
  given: string;
  path: string;
  method?: 'PUT' | 'DELETE';
  body?: unknown;
  /**
   * The events of bob's connections, and then the row of the conversation; undefined: it is not in bob's
   * list.
   */
  action: string;
  data: object;
  row: object | undefined;
}

const changes: Change[] = [
  {
    given: 'a conversation that is made with him',
    path: '/conversations/new',
    body: { title: 'New', participants: [{ userId: 'ann' }, { userId: 'bob' }] },
    action: 'conversation_added',
    data: { conversation: { id: 'new', title: 'New', unreadCount: 0 } },
    row: { id: 'new', title: 'New' },
  },
  {
    given: 'one that he is taken into',
    path: '/conversations/other/participants/bob',
    body: { role: 'nurse' },
    action: 'conversation_added',
    data: { conversation: { id: 'other', unreadCount: 0, lastMessage: { seq: 1 } } },
    row: { id: 'other', participants: [{ userId: 'ann' }, { userId: 'bob', role: 'nurse' }] },
  },
  {
    given: 'one that he is taken out of',
    path: '/conversations/c1/participants/bob',
    method: 'DELETE',
    action: 'conversation_removed',
    data: { conversationId: 'c1', reason: 'removed' },
    row: undefined,
  },
  {
    given: 'another title and metadata',
    path: '/conversations/c1',
    body: { title: 'Renamed', metadata: { ward: 3 } },
    action: 'conversation_changed',
    data: { conversationId: 'c1', title: 'Renamed', metadata: { ward: 3 } },
    row: { id: 'c1', title: 'Renamed', metadata: { ward: 3 } },
  },
  {
    given: 'another role of his own',
    path: '/conversations/c1/participants/bob',
    body: { role: 'doctor' },
    action: 'conversation_changed',
    data: {
      conversationId: 'c1',
      participants: { added: [], removed: [], changed: [{ userId: 'bob', role: 'doctor' }] },
    },
    row: {
      id: 'c1',
      participants: [
        { userId: 'ann', role: 'member' },
        { userId: 'bob', role: 'doctor' },
      ],
    },
  },
  {
    given: 'a conversation that is deleted',
    path: '/conversations/c1',
    method: 'DELETE',
    action: 'conversation_removed',
    data: { conversationId: 'c1', reason: 'deleted' },
    row: undefined,
  },
];

let two: Two;
let bobs: SocketClient[];
beforeEach(async () => {
  two = await startTwoGateways();
  await putConversation(two.one, 'c1', ['ann', 'bob']);
  await putConversation(two.one, 'other', ['ann']);
  await say(two.one, 'other', { from: 'ann' });
  bobs = [await two.connect(two.one, 'bob'), await two.connect(two.two, 'bob')];
});

describe('a change that a back end makes', () => {
  test.each(changes)('is heard on both nodes within a second: $given', async (change) => {
    const { path, method = 'PUT', body, action, data, row } = change;
    const answered = await two.one.api(method, path, body);
    expect([200, 201, 204]).toContain(answered.status);
    const startedAt = performance.now();
    const heard = await Promise.all(bobs.map((bob) => bob.event(action)));
    expect(performance.now() - startedAt).toBeLessThan(1000);
    for (const event of heard) expect(event.data).toMatchObject(data);
    const id = String(heard[0]?.conversationId);
    const rows = await Promise.all(bobs.map((bob) => rowOf(bob, id)));
    for (const each of rows) {
      if (row === undefined) expect(each).toBeUndefined();
      else expect(each).toMatchObject(row);
    }
  });

  test('ends all events of the conversation for the connections of a user whom it takes out', async () => {
    await two.one.api('DELETE', '/conversations/c1/participants/bob');
    const ann = await two.connect(two.two, 'ann');
    const { messageId } = await say(two.one, 'c1', { from: 'ann' });
    await ann.ask('typing', { conversationId: 'c1', isTyping: true });
    await ann.ask('edit_message', { messageId, content: { text: 'better' } });
    await two.two.api('DELETE', `/messages/${messageId}`);
    await ann.event('new_message');
    for (const bob of bobs) {
      await bob.barrier();
      const ofConversation = bob.frames.filter(({ conversationId }) => conversationId === 'c1');
      expect(ofConversation.map(({ action }) => action)).toEqual(['conversation_removed']);
    }
  });
});

test('unread messages that are deleted are not counted any more, and the last message is one that is there', async () => {
  const [bob] = bobs as [SocketClient];
  const sent = [];
  for (const text of ['one', 'two', 'three']) sent.push(await say(two.one, 'c1', { from: 'ann', text }));
  const states: unknown[] = [];
  for (const { messageId } of sent.toReversed()) {
    states.push(stateOf(await rowOf(bob, 'c1')));
    await succeed(two.two.api('DELETE', `/messages/${messageId}`), 'delete');
  }
  states.push(stateOf(await rowOf(bob, 'c1')));
  expect(states).toEqual([
    [3, 3],
    [2, 2],
    [1, 1],
    [0, undefined],
  ]);
});

test('a message that is not for a user neither counts nor shows in their list, and nobody learns of it by a reading', async () => {
  const [bob] = bobs as [SocketClient];
  const ann = await two.connect(two.two, 'ann');
  const { messageId } = await say(two.one, 'c1', { from: 'ann', text: 'for everybody' });
  const hidden = { kind: 'message', sender: 'ann', audience: { conversation: 'c1' }, exclude: ['bob'] };
  await broadcast(two.one, { ...hidden, data: { type: 'text', content: { text: 'a present' } } });
  expect(stateOf(await rowOf(bob, 'c1'))).toEqual([1, 1]);
  await bob.ask('read', { conversationId: 'c1', seq: 1 });
  expect(stateOf(await rowOf(bob, 'c1'))).toEqual([0, 1]);
  await bob.ask('read', { conversationId: 'c1', seq: 2 });
  const own = await Promise.all(
    bobs.slice(1).map((each) => each.event('read_status', ({ data }) => data['seq'] === 2)),
  );
  const receipt = await ann.event('read_status', ({ data }) => data['seq'] === 2);
  for (const { data } of [...own, receipt]) expect(data).toEqual({ userId: 'bob', seq: 2, messageIds: [] });
  expect(ann.events('read_status')[0]).toMatchObject({ data: { messageIds: [messageId] } });
});

test('a user’s own reading reaches their other devices on pages without read receipts', async () => {
  await succeed(
    two.one.api('PUT', '/pages', { pattern: '/plain', enabled: true, connectionType: 'chat', features: ['messaging'] }),
    'page',
  );
  const [plain, ann] = [
    await two.connect(two.two, 'bob', { page: '/plain' }),
    await two.connect(two.two, 'ann', { page: '/plain' }),
  ];
  await say(two.one, 'c1', { from: 'ann' });
  const [bob] = bobs as [SocketClient];
  await bob.ask('read', { conversationId: 'c1', seq: 1 });
  expect(await plain.event('read_status')).toMatchObject({ conversationId: 'c1', data: { userId: 'bob', seq: 1 } });
  await ann.barrier();
  expect(ann.events('read_status')).toEqual([]);
});

test('pages of a list that changes meanwhile have no row twice, and with the events no row is missed', async () => {
  for (let n = 1; n <= 5; n += 1) await putConversation(two.one, `p${n}`, ['ann', 'pat']);
  const pat = await two.connect(two.two, 'pat');
  const first = await pat.ask('conversations', { limit: 2 });
  // Moves one of a later page to the front, on a cluster soon after its event.
  await say(two.one, 'p1', { from: 'ann' });
  await pat.event('new_message');
  await expect.poll(async () => idsOf(await pat.ask('conversations', { limit: 1 }))).toEqual(['p1']);
  const seen = idsOf(first);
  for (let page = first; page.data['nextCursor'] !== undefined;) {
    page = await pat.ask('conversations', { limit: 2, cursor: page.data['nextCursor'] });
    seen.push(...idsOf(page));
  }
  expect(new Set(seen).size).toBe(seen.length);
  const missing = ['p1', 'p2', 'p3', 'p4', 'p5'].filter((id) => !seen.includes(id));
  expect(missing).toEqual(pat.events('new_message').map(({ conversationId }) => conversationId));
});

/** Over the socket and over HTTP alike. */
async function rowOf(client: SocketClient, id: string): Promise<Row | undefined> {
  const answer = await client.ask('conversations', { conversationIds: [id] });
  const { conversations } = await succeed(
    two.one.api('GET', `/conversations?conversationIds=${id}`, undefined, await two.one.tokenOf('bob')),
    'list',
  );
  expect(answer.data['conversations']).toEqual(conversations);
  return (conversations as Row[])[0];
}

/** The unread count, and the last message. */
function stateOf(row: Row | undefined): unknown {
  return [row?.['unreadCount'], (row?.['lastMessage'] as { seq?: number } | undefined)?.seq];
}

function idsOf({ data }: Frame): string[] {
  return (data['conversations'] as Row[]).map(({ id }) => id);
}
