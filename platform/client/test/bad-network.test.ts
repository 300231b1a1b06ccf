import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { putConversation } from '../../server/test/support/clinic.ts';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import { startCuttingProxy, type CuttingProxy } from './support/cutting-proxy.ts';
import { createRealClients, type RealClient, type RealClients } from './support/real-client.ts';

let server: WholeServer;
let proxy: CuttingProxy;
let clients: RealClients;

beforeAll(async () => {
  server = await startWholeServer();
  proxy = await startCuttingProxy(() => server.url);
  clients = createRealClients(() => ({ url: proxy.url, tokenOf: server.tokenOf }));
});
afterEach(() => clients.stopAll());
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

const text = (event: { data: Record<string, unknown> }): unknown => (event.data['content'] as { text?: unknown }).text;

/** Events of `from` that this client got: its own answers are not among them. */
function heard(client: RealClient, conversationId: string, from: string): unknown[] {
  return client.events
    .filter((event) => event.conversationId === conversationId && event.data['senderId'] === from)
    .map(text);
}

test(
  'fifty cuts while both sides send: each message is there once and in order, on both sides',
  { timeout: 60_000 },
  async () => {
    await putConversation(server, 'cuts', ['alice', 'bob']);
    const alice = clients.start('alice');
    const bob = clients.start('bob');
    await Promise.all([alice.untilStatus('connected'), bob.untilStatus('connected')]);
    // A client that joins late begins at the head: both have a position before the network goes bad.
    for (const [client, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      client.belfry.send({ conversationId: 'cuts', type: 'text', content: { text: 'first' } });
      await other.until(() => other.events.some(({ conversationId }) => conversationId === 'cuts'));
    }
    const sent = ['first'];
    for (let cuts = 0; cuts < 50; cuts += 1) {
      for (let count = 0; count < 2; count += 1) {
        const next = `text ${sent.length}`;
        sent.push(next);
        for (const { belfry } of [alice, bob])
          belfry.send({ conversationId: 'cuts', type: 'text', content: { text: next } });
      }
      // One in two in the middle of a frame, the others wherever it happens to be.
      const before = [alice, bob].map(({ belfry }) => belfry.snapshot().connectionId);
      if (cuts % 2 === 0) proxy.cut();
      else proxy.cutAfterBytes(Math.floor(Math.random() * 600));
      for (const [index, { belfry, until }] of [alice, bob].entries())
        await until(() => ![undefined, before[index]].includes(belfry.snapshot().connectionId));
    }
    for (const [client, from] of [
      [alice, 'bob'],
      [bob, 'alice'],
    ] as const) {
      await client.until(() => heard(client, 'cuts', from).length >= sent.length);
      expect(heard(client, 'cuts', from)).toEqual(sent);
      await client.until(() => client.belfry.outbox.messages().length === 0);
      const seqs = client.seqs('c:cuts');
      expect(seqs).toEqual([...seqs].sort((a, b) => Number(a) - Number(b)));
      expect(new Set(seqs).size).toBe(seqs.length);
      expect(client.reported).toEqual([]);
    }
    const { messages } = await alice.belfry.http<{ messages: unknown[] }>('/conversations/cuts/messages?limit=1');
    expect(messages).toMatchObject([{ seq: sent.length * 2 }]);
  },
);

test('a server that is restarted is found again, and messages sent meanwhile come', { timeout: 40_000 }, async () => {
  await putConversation(server, 'restart', ['alice', 'bob']);
  const alice = clients.start('alice');
  const bob = clients.start('bob');
  await Promise.all([alice.untilStatus('connected'), bob.untilStatus('connected')]);
  const say = (words: string): unknown =>
    alice.belfry.send({ conversationId: 'restart', type: 'text', content: { text: words } });
  say('before');
  await bob.until(() => heard(bob, 'restart', 'alice').length === 1);
  const restarting = server.restart();
  say('while it goes');
  await restarting;
  say('after');
  await bob.until(() => heard(bob, 'restart', 'alice').length === 3);
  expect(heard(bob, 'restart', 'alice')).toEqual(['before', 'while it goes', 'after']);
  expect(bob.belfry.snapshot().status).toBe('connected');
});

test('without a network the attempts are used up; then the client waits, and begins anew when asked', async () => {
  const alice = clients.start('alice', {
    surroundings: { random: () => 0.0001 },
  });
  await alice.untilStatus('connected');
  proxy.refuse(true);
  proxy.cut();
  await alice.untilStatus('offline');
  expect(alice.attempts()).toBe(16);
  proxy.refuse(false);
  alice.belfry.connect();
  await alice.untilStatus('connected');
});
