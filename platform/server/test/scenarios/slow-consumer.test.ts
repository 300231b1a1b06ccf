// Clients that stop reading: they fall behind alone, catch up from the log when they read again, and are
// closed when they never do.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, recipientIn, succeed, untilJourney } from '../support/clinic.ts';
import type { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

vi.setConfig({ testTimeout: 60_000 });

// A thirtieth of the defaults would do as well: the systems' sockets take some megabytes on top.
const behindBytes = 65_536;
const tooSlowMs = 2000;

let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  server = await startWholeServer({
    env: {
      LIMIT_SEND_BEHIND_BYTES: String(behindBytes),
      LIMIT_SEND_TOO_SLOW_MS: String(tooSlowMs),
      LIMIT_COMMANDS_PER_SECOND: '10000',
      LIMIT_COMMAND_BURST: '10000',
    },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

// As large as an event may well be: the sockets' buffers are full after a few hundred.
const body = 'x'.repeat(24_000);
const batch = 20;

interface Fan {
  conversation: string;
  reader: SocketClient;
  bystander: SocketClient;
}

/** A conversation with one who will stop reading and one who goes on. */
async function fan(name: string): Promise<Fan> {
  const conversation = `c-${name}`;
  await putConversation(server, conversation, ['sender', `${name}.reader`, `${name}.bystander`]);
  const reader = await clients.connect({ userId: `${name}.reader` });
  const bystander = await clients.connect({ userId: `${name}.bystander` });
  return { conversation, reader, bystander };
}

/**
 * Sends until the server says that somebody is behind; resolves with the head. The bystander has everything
 * at every step.
 */
async function sendUntilBehind({ conversation, bystander }: Fan): Promise<number> {
  for (let head = batch; ; head += batch) {
    const broadcasts = Array.from({ length: batch }, () => ({
      kind: 'system_notification',
      audience: { conversation },
      data: { title: 'much', body },
    }));
    const { results } = await succeed(server.api('POST', '/broadcasts/batch', { broadcasts }), 'batch');
    await has(bystander, head);
    const decisions = (results as { decisions: Record<string, number> }[]).map((result) => result.decisions);
    if (decisions.some((each) => each['slow_consumer'] === 1)) return head;
  }
}

/** Of everything in the conversation, in the order in which it came. */
function seqs(client: SocketClient): number[] {
  return client.frames.flatMap(({ seq }) => seq ?? []);
}

function has(client: SocketClient, seq: number): Promise<unknown> {
  return client.until((frames) => frames.find((frame) => frame.seq === seq));
}

const upTo = (head: number): number[] => Array.from({ length: head }, (_, index) => index + 1);

test('a client that stops reading falls behind, and has everything in order once it reads again', async () => {
  const each = await fan('back');
  const { reader, bystander } = each;
  reader.pause();
  const head = await sendUntilBehind(each);
  expect(seqs(bystander)).toEqual(upTo(head));

  reader.resume();
  await has(reader, head);
  expect(seqs(reader)).toEqual(upTo(head));
  expect(reader.closeCode).toBeUndefined();
  // It is live again: new messages come to both at once.
  const live = { conversationId: each.conversation, cid: 'live', type: 'text', content: { text: 'live' } };
  await bystander.ask('message', live);
  await has(reader, head + 1);
  expect(seqs(reader)).toEqual(upTo(head + 1));
});

test('the journey of a message that a slow client missed shows it behind, then sent, then acknowledged', async () => {
  const each = await fan('journey');
  const { reader, conversation } = each;
  reader.pause();
  const head = await sendUntilBehind(each);
  const missed = { kind: 'system_notification', audience: { conversation }, data: { title: 'missed' } };
  const { id, decisions } = await succeed(server.api('POST', '/broadcasts', missed), 'broadcast');
  expect(decisions).toMatchObject({ slow_consumer: 1 });
  const untilReason = (reason: string) =>
    untilJourney(server, String(id), (journey) =>
      recipientIn(journey, 'journey.reader')?.realtime.find((connection) => connection.reason === reason),
    );
  expect(await untilReason('slow_consumer')).not.toHaveProperty('sentAt');

  reader.resume();
  await has(reader, head + 1);
  const sent = await untilReason('sent');
  expect(sent).toMatchObject({ connectionId: reader.id, sentAt: expect.any(String) });
  await reader.ack(`c:${conversation}`, head + 1);
  expect(await untilReason('acked')).toMatchObject({ connectionId: reader.id, sentAt: sent.sentAt });
});

test('new messages during a catch-up come after the missed ones', async () => {
  const each = await fan('meanwhile');
  const { reader, bystander, conversation } = each;
  reader.pause();
  const head = await sendUntilBehind(each);
  reader.resume();
  const more = 50;
  for (let n = 0; n < more; n += 1) {
    await bystander.ask('message', {
      conversationId: conversation,
      cid: `m-${n}`,
      type: 'text',
      content: { text: 'on' },
    });
  }
  await has(reader, head + more);
  expect(seqs(reader)).toEqual(upTo(head + more));
});

test('a client that never reads is closed with 4002, and resumes without loss; a bystander notices nothing', async () => {
  const each = await fan('never');
  const { reader, bystander, conversation } = each;
  reader.pause();
  const head = await sendUntilBehind(each);
  const behindAt = performance.now();
  const closed = await server.line(
    ({ msg, connectionId }) => msg === 'connection closed' && connectionId === reader.id,
  );
  expect(closed).toMatchObject({ code: 4002, userId: 'never.reader' });
  expect(performance.now() - behindAt).toBeGreaterThan(tooSlowMs - 500);
  await bystander.barrier();
  expect(seqs(bystander)).toEqual(upTo(head));

  // The kernel still holds what was written before the end, and the close frame after it.
  reader.resume();
  await reader.closed();
  const had = seqs(reader);
  expect(had).toEqual(upTo(had.length));
  const back = await clients.connect({
    userId: 'never.reader',
    resume: [{ stream: `c:${conversation}`, epoch: 'e1', seq: had.length }],
  });
  await has(back, head);
  expect([...had, ...seqs(back)]).toEqual(upTo(head));
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/belfry_slow_consumers_total\{[^}]*"closed"\} 1\b/);
});
