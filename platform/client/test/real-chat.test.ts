// Chat, features and queue against a real server: what two people see of each other.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { putConversation, say } from '../../server/test/support/clinic.ts';
import { pdf, png, webm } from '../../server/test/support/sample-files.ts';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import { createChat, type Chat, type ChatMessage, type Conversation } from '../src/chat/index.ts';
import type { Observable } from '../src/observable.ts';
import type { BelfryOptions } from '../src/types.ts';
import { startCuttingProxy, type CuttingProxy } from './support/cutting-proxy.ts';
import { createRealClients, type RealClient, type RealClients } from './support/real-client.ts';

const features = ['messaging', 'typing_indicator', 'read_receipts', 'file_upload', 'voice_note', 'presence'] as const;
const policy = { pattern: '/team', enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat' };

let server: WholeServer;
let proxy: CuttingProxy;
let clients: RealClients;
let count = 0;
/** Of the test's own. */
let room: string;

beforeAll(async () => {
  server = await startWholeServer();
  await server.api('PUT', '/pages', { ...policy, features });
  proxy = await startCuttingProxy(() => server.url);
  clients = createRealClients(() => ({ url: proxy.url, tokenOf: (...user) => server.tokenOf(...user) }));
});
beforeEach(async () => {
  count += 1;
  room = `room-${count}`;
  await putConversation(server, room, ['alice', 'bob']);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await clients.stopAll();
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

const stops: (() => void)[] = [];

interface Person extends RealClient {
  chat: Chat;
  room: Conversation;
}

async function enter(userId: string, options: Partial<BelfryOptions> = {}): Promise<Person> {
  const client = clients.start(userId, { page: '/team', ...options });
  const chat = createChat(client.belfry);
  stops.push(chat.start());
  await client.untilStatus('connected');
  return { ...client, chat, room: chat.conversation(room) };
}

async function open(person: Person): Promise<() => void> {
  const close = person.room.open();
  stops.push(close);
  await until(person.room, ({ status }) => status === 'ready');
  return close;
}

function until<T>(source: Observable<T>, isSo: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const end = source.subscribe(look);
    function look(): void {
      if (!isSo(source.snapshot())) return;
      end();
      resolve(source.snapshot());
    }
    look();
  });
}

function texts(person: Person): string[] {
  return person.room.snapshot().messages.map(({ content, state, mine }) => {
    const { text: said = 'deleted' } = content as { text?: string };
    return `${mine ? 'me: ' : ''}${said}${state === 'sent' ? '' : ` ${state}`}`;
  });
}

test('a message is shown at once, then as sent, and to the other user', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await Promise.all([open(alice), open(bob)]);
  const { key } = alice.room.send('hello');
  expect(texts(alice)).toEqual(['me: hello queued']);
  await until(alice.room, ({ messages }) => messages[0]?.state === 'sent');
  expect(alice.room.snapshot().messages).toMatchObject([{ key, seq: 1, mine: true, senderId: 'alice' }]);
  await until(bob.room, ({ messages }) => messages.length === 1);
  expect(texts(bob)).toEqual(['hello']);
  expect(bob.room.snapshot().messages).toMatchObject([{ seq: 1, mine: false, senderId: 'alice', state: 'sent' }]);
});

test('history comes page by page, newest first, without holes or doubles while new ones arrive', async () => {
  for (let index = 1; index <= 120; index += 1) await say(server, room, { from: 'bob', text: String(index) });
  const alice = await enter('alice');
  await open(alice);
  expect(alice.room.snapshot()).toMatchObject({ hasOlder: true });
  expect(texts(alice)).toHaveLength(50);
  const older = alice.room.loadOlder();
  await say(server, room, { from: 'bob', text: '121' });
  await older;
  await alice.room.loadOlder();
  await until(alice.room, ({ messages }) => messages.length === 121);
  expect(alice.room.snapshot()).toMatchObject({ hasOlder: false });
  expect(texts(alice)).toEqual(Array.from({ length: 121 }, (_, index) => String(index + 1)));
});

test('a conversation that is open and can be seen is read, and the other user sees that; one that is not is counted', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await open(alice);
  await until(bob.chat, ({ conversations }) => conversations.some(({ id }) => id === room));
  alice.room.send('one');
  alice.room.send('two');
  const unread = (): number | undefined => bob.chat.snapshot().conversations.find(({ id }) => id === room)?.unread;
  await until(bob.chat, () => unread() === 2);
  const close = await open(bob);
  await until(alice.room, ({ read }) => read['bob'] === 2);
  expect(unread()).toBe(0);
  close();
  alice.room.send('three');
  await until(bob.chat, () => unread() === 1);
  expect(alice.room.snapshot().read['bob']).toBe(2);
  // The server says the same to whoever asks it anew.
  const again = await enter('bob');
  const list = await until(again.chat, ({ status }) => status === 'ready');
  expect(list.conversations.find(({ id }) => id === room)).toMatchObject({
    unread: 1,
    lastMessage: { content: { text: 'three' } },
  });
});

test('read states are known after a reload, and when messages were read while away', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await say(server, room, { from: 'alice', text: 'one' });
  await bob.chat.api.read(room, 1);
  await open(alice);
  // Asked for once the messages are there.
  await until(alice.room, ({ read }) => read['bob'] === 1);
  await say(server, room, { from: 'alice', text: 'two' });
  proxy.refuse(true);
  proxy.cut();
  await alice.until(() => alice.belfry.snapshot().status !== 'connected');
  await server.api('POST', `/conversations/${room}/read`, { userId: 'bob', seq: 2 });
  proxy.refuse(false);
  await until(alice.room, ({ read }) => read['bob'] === 2);
});

test('the conversation with the newest message is the first of the list', async () => {
  const other = `other-${count}`;
  await putConversation(server, other, ['alice', 'bob']);
  const alice = await enter('alice');
  await until(alice.chat, ({ status }) => status === 'ready');
  await say(server, room, { from: 'bob', text: 'x' });
  await until(alice.chat, ({ conversations }) => conversations[0]?.id === room);
  await say(server, other, { from: 'bob', text: 'x' });
  await until(alice.chat, ({ conversations }) => conversations[0]?.id === other);
});

test('a conversation that is new to the user comes into the list with its first message', async () => {
  const alice = await enter('alice');
  await until(alice.chat, ({ status }) => status === 'ready');
  const fresh = `fresh-${count}`;
  await putConversation(server, fresh, ['alice', 'bob']);
  await say(server, fresh, { from: 'bob', text: 'hello' });
  const { conversations } = await until(alice.chat, (chat) =>
    chat.conversations.some(({ id, unread }) => id === fresh && unread === 1),
  );
  expect(conversations[0]).toMatchObject({ id: fresh, lastMessage: { content: { text: 'hello' } } });
});

test('editing and deleting is seen by both, and after a reload', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await Promise.all([open(alice), open(bob)]);
  for (const text of ['one', 'two', 'three']) alice.room.send(text);
  await until(bob.room, ({ messages }) => messages.length === 3);
  await until(alice.room, ({ messages }) => messages.every(({ state }) => state === 'sent'));
  const [first, second] = alice.room.snapshot().messages;
  await alice.room.edit(first?.id ?? '', { text: 'uno' });
  await alice.room.remove(second?.id ?? '');
  const expected = ['uno', 'deleted', 'three'];
  expect(texts(alice)).toEqual(expected.map((text) => `me: ${text}`));
  await until(bob.room, ({ messages }) => messages[1]?.deletedAt !== undefined && messages[0]?.editedAt !== undefined);
  expect(texts(bob)).toEqual(expected);
  const again = await enter('bob');
  await open(again);
  expect(texts(again)).toEqual(expected);
  await expect(bob.room.edit(first?.id ?? '', { text: 'not mine' })).rejects.toMatchObject({ code: 'not_found' });
});

test('typing is seen by the other, and over with the message', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await Promise.all([open(alice), open(bob)]);
  await until(alice.chat, (chat) => chat.features.typing !== undefined);
  await until(bob.chat, (chat) => chat.features.typing !== undefined);
  alice.room.typed();
  await until(bob.room, ({ typing }) => typing.includes('alice'));
  expect(alice.room.snapshot().typing).toEqual([]);
  alice.room.send('done');
  await until(bob.room, ({ typing }) => typing.length === 0);
});

test('presence of the participants of an open conversation is shown', async () => {
  const alice = await enter('alice');
  await open(alice);
  await until(alice.room, ({ presence }) => presence['bob']?.online === false);
  await enter('bob');
  await until(alice.room, ({ presence }) => presence['bob']?.online === true);
});

test('a picture, a file and a voice note arrive as messages that name the upload', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await Promise.all([open(alice), open(bob)]);
  const { features: has } = await until(alice.chat, (chat) => !!chat.features.uploads && !!chat.features.voiceNotes);
  has.uploads?.send(room, new File([png], 'knee.png', { type: 'image/png' }), { caption: 'before' });
  await until(bob.room, ({ messages }) => messages.length === 1);
  has.uploads?.send(room, new File([pdf], 'report.pdf', { type: 'application/pdf' }));
  await until(bob.room, ({ messages }) => messages.length === 2);
  has.voiceNotes?.send(room, { blob: new Blob([webm]), durationMs: 1200, waveform: [1, 50, 100] });
  const { messages } = await until(bob.room, (now) => now.messages.length === 3);
  expect(messages).toMatchObject([
    { type: 'image', content: { caption: 'before', name: 'knee.png', type: 'image/png', bytes: png.length } },
    { type: 'file', content: { name: 'report.pdf', type: 'application/pdf' } },
    { type: 'voice', content: { durationMs: 1200, waveform: [1, 50, 100], type: 'audio/webm' } },
  ]);
  const link = await bob.chat.api.uploaded(String(messages[0]?.content['uploadId']));
  expect(Buffer.from(await (await fetch(link.url)).arrayBuffer())).toEqual(png);
  expect(has.uploads?.snapshot()).toEqual([]);
});

test('an upload that is refused is shown as failed and can be taken away', async () => {
  const alice = await enter('alice');
  const { uploads } = (await until(alice.chat, (chat) => chat.features.uploads !== undefined)).features;
  if (!uploads) throw new Error('no uploads');
  const id = uploads.send(room, new File(['MZ'], 'setup.exe', { type: 'application/x-msdownload' }));
  expect(uploads.snapshot()).toMatchObject([{ id, state: 'uploading', name: 'setup.exe' }]);
  await until(uploads, ([task]) => task?.state === 'failed');
  expect(uploads.snapshot()).toMatchObject([{ error: { code: 'unsupported_media_type' } }]);
  uploads.cancel(id);
  expect(uploads.snapshot()).toEqual([]);
});

test('an upload that was interrupted goes on when the connection is back', async () => {
  const alice = await enter('alice');
  const { uploads } = (await until(alice.chat, (chat) => chat.features.uploads !== undefined)).features;
  if (!uploads) throw new Error('no uploads');
  proxy.refuse(true);
  proxy.cut();
  await alice.until(() => alice.belfry.snapshot().status !== 'connected');
  uploads.send(room, new File([png], 'knee.png', { type: 'image/png' }));
  await until(uploads, ([task]) => task?.state === 'waiting');
  proxy.refuse(false);
  await until(uploads, (tasks) => tasks.length === 0);
  await alice.untilStatus('connected');
  await open(alice);
  await until(alice.room, ({ messages }) => messages.some(({ type, state }) => type === 'image' && state === 'sent'));
});

test('features come and go with the policy while the page is open', async () => {
  await server.api('PUT', '/pages', { ...policy, pattern: '/changing', features: ['messaging', 'presence'] });
  const alice = await enter('alice', { page: '/changing' });
  await until(alice.chat, ({ features: has }) => has.presence !== undefined);
  expect(Object.keys(alice.chat.snapshot().features)).toEqual(['presence']);
  await server.api('PUT', '/pages', { ...policy, pattern: '/changing', features: ['typing_indicator'] });
  const changed = await until(alice.chat, ({ features: has }) => has.typing !== undefined && !has.presence);
  expect(changed.canMessage).toBe(false);
  await server.api('PUT', '/pages', { ...policy, pattern: '/changing', features: ['messaging'] });
  await until(alice.chat, ({ canMessage, features: has }) => canMessage && !has.typing);
});

test('both send while the server restarts: each message once, in order, on both sides', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await Promise.all([open(alice), open(bob)]);
  for (let index = 0; index < 5; index += 1) alice.room.send(`before ${index}`);
  const restarted = server.restart();
  for (let index = 0; index < 10; index += 1) {
    alice.room.send(`a${index}`);
    bob.room.send(`b${index}`);
  }
  await restarted;
  for (const person of [alice, bob]) {
    const { messages } = await until(
      person.room,
      (now) => now.messages.length === 25 && now.messages.every(({ state }) => state === 'sent'),
    );
    const said = messages.map(({ content }) => String(content['text']));
    expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(said.filter((text) => text.startsWith('a'))).toEqual(Array.from({ length: 10 }, (_, index) => `a${index}`));
    expect(said.filter((text) => text.startsWith('b') && !text.startsWith('before'))).toHaveLength(10);
  }
});

test('messages that were changed while away are right when the connection is back', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  await Promise.all([open(alice), open(bob)]);
  for (const text of ['one', 'two']) bob.room.send(text);
  await until(alice.room, ({ messages }) => messages.length === 2);
  proxy.refuse(true);
  proxy.cut();
  await alice.until(() => alice.belfry.snapshot().status !== 'connected');
  const edited = String(bob.room.snapshot().messages[0]?.id);
  await server.api('PATCH', `/messages/${edited}`, { content: { text: 'uno' } });
  for (let index = 0; index < 60; index += 1) await say(server, room, { from: 'bob', text: `away ${index}` });
  proxy.refuse(false);
  await until(alice.room, ({ messages }) => messages.length === 62 && messages[0]?.editedAt !== undefined);
  expect(texts(alice)).toEqual(['uno', 'two', ...Array.from({ length: 60 }, (_, index) => `away ${index}`)]);
});

test('chat can be started, stopped and started again', async () => {
  const alice = await enter('alice');
  await open(alice);
  for (const stop of stops.splice(0)) stop();
  await say(server, room, { from: 'bob', text: 'meanwhile' });
  stops.push(alice.chat.start(), alice.room.open());
  await until(alice.room, ({ messages }) => messages.length === 1);
  await say(server, room, { from: 'bob', text: 'later' });
  await until(alice.room, ({ messages }) => messages.length === 2);
});

test('two people react, answer and pin, and both see the same, also after the line was cut', async () => {
  const [alice, bob] = [await enter('alice'), await enter('bob')];
  await open(alice);
  await open(bob);
  alice.room.send('a question');
  const { messages } = await until(bob.room, (now) => now.messages.length === 1);
  const id = messages[0]?.id ?? '';
  const first = ({ messages: [message] }: { messages: readonly ChatMessage[] }) => message;
  await bob.room.react(id, '👍');
  await bob.room.pin(id);
  bob.room.send({ type: 'text', content: { text: 'an answer' }, replyTo: id });
  const seen = await until(alice.room, (now) => first(now)?.replies?.count === 1);
  expect(first(seen)).toMatchObject({
    reactions: [{ reaction: '👍', userIds: ['bob'], mine: false }],
    pinned: { by: 'bob' },
  });
  expect(first(bob.room.snapshot())?.reactions?.[0]?.mine).toBe(true);
  const [pins, replies] = [alice.room.pins(), alice.room.replies(id)];
  for (const list of [pins, replies]) stops.push(list.open());
  await until(replies, ({ messages: found }) => found.length === 1);
  expect((await until(pins, ({ messages: found }) => found.length === 1)).messages[0]?.id).toBe(id);

  proxy.cut();
  await server.api('DELETE', `/messages/${id}/pin`);
  await server.api('PUT', `/messages/${id}/reactions/like?userId=alice`);
  await until(pins, ({ messages: found }) => found.length === 0);
  const after = await until(bob.room, (now) => first(now)?.reactions?.length === 2);
  expect(first(after)?.reactions?.map(({ reaction }) => reaction)).toEqual(['👍', 'like']);
});
