import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { broadcast, putConversation, say } from '../../server/test/support/clinic.ts';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import { createRealClients, createStorage, type RealClients } from './support/real-client.ts';

let server: WholeServer;
let clients: RealClients;

beforeAll(async () => {
  server = await startWholeServer();
  clients = createRealClients(() => server);
});
afterEach(() => clients.stopAll());
afterAll(() => server.stop());

test('a page that is off makes no attempt, and asks for no token', async () => {
  let asked = 0;
  const getToken = (): Promise<string> => {
    asked += 1;
    return server.tokenOf('alice');
  };
  const alice = clients.start('alice', { page: '/login', getToken });
  await alice.untilStatus('disabled');
  expect([alice.attempts(), asked]).toEqual([0, 0]);
});

test('a page that needs a user makes no attempt while nobody is signed in, and connects when somebody is', async () => {
  let token: string | null = null;
  const alice = clients.start('alice', { getToken: () => token });
  await alice.untilStatus('signed_out');
  expect(alice.attempts()).toBe(0);
  token = await server.tokenOf('alice');
  alice.belfry.signedIn();
  await alice.untilStatus('connected');
  expect(alice.belfry.snapshot()).toMatchObject({ userId: 'alice', attempt: 0, policy: { pattern: '/chat' } });
  alice.belfry.signedOut();
  await alice.untilStatus('signed_out');
  expect(alice.belfry.snapshot().userId).toBeUndefined();
});

test('two users chat: each message once, in order, and acknowledged', async () => {
  await putConversation(server, 'c1', ['alice', 'bob']);
  const alice = clients.start('alice');
  const bob = clients.start('bob');
  await Promise.all([alice.untilStatus('connected'), bob.untilStatus('connected')]);
  const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);
  for (const text of texts) alice.belfry.send({ conversationId: 'c1', type: 'text', content: { text } });
  await bob.until(() => bob.events.length >= texts.length);
  expect(bob.events.map(({ data }) => data['content'])).toEqual(texts.map((text) => ({ text })));
  await alice.until(() => alice.belfry.outbox.messages().length === 0);
  await expect
    .poll(async () => {
      const { conversations } = await bob.belfry.command('conversations', { limit: 10 });
      return conversations.find(({ id }) => id === 'c1')?.cursors.delivered;
    })
    .toBe(texts.length);
});

test('moving within a single-page app takes the policy along; to a page without WebSocket it ends the connection', async () => {
  const alice = clients.start('alice');
  await alice.untilStatus('connected');
  expect(alice.belfry.hasFeature('messaging')).toBe(true);
  alice.belfry.setPage('/admin');
  await alice.until(() => alice.belfry.snapshot().policy?.pattern === '/admin');
  const refused = alice.belfry.command('typing', { conversationId: 'c1', isTyping: true });
  await expect(refused).rejects.toMatchObject({ code: 'feature_disabled', retry: 'never' });
  alice.belfry.setPage('/login');
  await alice.untilStatus('disabled');
  await expect(alice.belfry.command('heartbeat', {})).rejects.toMatchObject({ code: 'not_connected' });
  alice.belfry.setPage('/chat');
  await alice.untilStatus('connected');
  expect(alice.attempts()).toBe(2);
});

test('a feature taken away disappears at once; a page switched off closes and does not come back until it is on again', async () => {
  const policy = { pattern: '/ward', enabled: true, features: ['messaging', 'typing_indicator'] };
  await server.api('PUT', '/pages', policy);
  const alice = clients.start('alice', { page: '/ward' });
  await alice.untilStatus('connected');
  await server.api('PUT', '/pages', { ...policy, features: ['messaging'] });
  await alice.until(() => !alice.belfry.hasFeature('typing_indicator'));
  expect(alice.belfry.snapshot().status).toBe('connected');
  await server.api('PUT', '/pages', { ...policy, enabled: false });
  await alice.untilStatus('disabled');
  const before = alice.attempts();
  await server.api('PUT', '/pages', policy);
  alice.belfry.connect();
  await alice.untilStatus('connected');
  expect(alice.attempts()).toBe(before + 1);
});

test('a user whom an administrator signs out ends signed out, and stays away', async () => {
  const alice = clients.start('alice');
  await alice.untilStatus('connected');
  await server.api('POST', '/users/alice/sign-out');
  await alice.untilStatus('signed_out');
  expect(alice.belfry.snapshot().lastClose?.code).toBe(4507);
  expect(alice.attempts()).toBe(1);
});

test('a token that ends is renewed on the open connection, unnoticed', async () => {
  let asked = 0;
  const getToken = ({ reason }: { reason: string }): Promise<string> => {
    asked += 1;
    return server.tokenOf('carol', { expiresInSeconds: reason === 'connect' ? 3 : 3600 });
  };
  const carol = clients.start('carol', { getToken });
  await carol.untilStatus('connected');
  const renewed: string[] = [];
  carol.belfry.onFrame(({ direction, text }) => {
    if (direction === 'in' && text.includes('expiresAt') && text.includes('"ok":true')) renewed.push(text);
  });
  await expect.poll(() => renewed.length, { timeout: 8000 }).toBeGreaterThan(0);
  expect(carol.attempts()).toBe(1);
  expect(asked).toBe(2);
});

test('a token that is refused is replaced once; refused again the client stays away', async () => {
  const dave = clients.start('dave', { getToken: () => 'no.token.atall' });
  await dave.untilStatus('closed');
  await dave.until(() => dave.belfry.snapshot().lastClose !== undefined);
  await dave.until(() => dave.belfry.snapshot().lastError !== undefined && dave.attempts() === 2);
  await dave.untilStatus('closed');
  expect(dave.belfry.snapshot().lastClose?.code).toBe(4501);
});

test('direct messages sent between two page loads come with the second', async () => {
  const keyValue = createStorage();
  const load = (): ReturnType<RealClients['start']> => clients.start('erin', { surroundings: { keyValue } });
  const send = (title: string): Promise<unknown> =>
    broadcast(server, { kind: 'direct', audience: { users: ['erin'] }, data: { title } });
  const first = load();
  await first.untilStatus('connected');
  await first.belfry.stop();
  await send('while away');
  const second = load();
  await second.untilStatus('connected');
  await second.until(() => second.events.length > 0);
  await send('while here');
  await second.until(() => second.events.length > 1);
  expect(second.events.map(({ data }) => data['title'])).toEqual(['while away', 'while here']);
  await second.belfry.stop();
  const third = load();
  await third.untilStatus('connected');
  await send('third');
  await third.until(() => third.events.length > 0);
  expect(third.events.map(({ data }) => data['title'])).toEqual(['third']);
});

test('messages between the answer to an own message and a lost connection are delivered as a gap', async () => {
  await putConversation(server, 'c9', ['alice', 'bob']);
  const alice = clients.start('alice');
  await alice.untilStatus('connected');
  alice.belfry.send({ conversationId: 'c9', type: 'text', content: { text: 'anybody?' } });
  await alice.until(() => alice.belfry.outbox.messages().length === 0);
  alice.belfry.disconnect();
  await say(server, 'c9', { from: 'bob', text: 'yes' });
  const before = alice.belfry.snapshot().syncSignal;
  alice.belfry.connect();
  await alice.until(() => alice.seqs('c:c9').length > 0);
  expect(alice.seqs('c:c9')).toEqual(['gap 1-2']);
  expect(alice.belfry.snapshot().syncSignal).toBeGreaterThan(before + 1);
});

test('the HTTP API is called with the token, and its problems are errors with their code', async () => {
  const alice = clients.start('alice');
  await putConversation(server, 'c1', ['alice', 'bob']);
  await expect(alice.belfry.http('/conversations/c1')).resolves.toMatchObject({ conversation: { id: 'c1' } });
  await expect(alice.belfry.http('/conversations/none')).rejects.toMatchObject({ code: 'not_found', retry: 'never' });
});
