import { describe, expect, it } from 'vitest';
import type { MessageSent } from '../ports/message-facts.ts';
import { sampleMessage } from '../../test/support/samples.ts';
import { namedUsers } from './entries.ts';
import { ack, acked, app, caughtUp, id, plan, push, setUp, t0 } from './test/journey.fixture.ts';

const stored = sampleMessage({ id: id(1), stream: 'c:c1', seq: 5, conversationId: 'c1', storedAt: t0 + 2 });

describe('the journey index', () => {
  it('has a broadcast as soon as its plan is written, with what was acknowledged by then', async () => {
    const { record, listed } = setUp();
    record(plan, acked({ ...ack, from: 5, to: 5 }));
    expect(await listed()).toEqual([
      {
        ...{
          messageId: id(1),
          at: t0,
          kind: 'message',
          conversationId: 'c1',
          senderId: 'alice',
          stream: 'c:c1',
          seq: 5,
        },
        ...{ recipients: 2, users: ['bob', 'dave'], facts: 1, firstSeenMs: 10 },
        counts: { acked: 1, waiting_for_ack: 1, no_connection: 1, no_device: 1 },
        sums: { seen: 1, pushed: 0, withheld: 0, failed: 0 },
      },
    ]);
  });

  it('says the same as the journey after whatever facts came, in whatever order they were written', async () => {
    const facts = [
      acked({ ...ack, visible: false }),
      caughtUp,
      { ...push, type: 'push.queued', reason: 'queued' },
      acked({ ...ack, atMs: t0 + 400 }),
      { ...push, type: 'push.failed', reason: 'target_gone', atMs: t0 + 6000 },
    ] as const;
    const { record, listed, read } = setUp({ messages: [stored] });
    record(plan);
    await listed();
    for (const fact of facts) {
      record(fact);
      const [entry] = await listed();
      const journey = await read();
      expect(entry?.counts).toEqual(journey.counts);
      expect(entry?.recipients).toBe(2);
    }
    const [entry] = await listed();
    expect(entry?.sums).toEqual({ seen: 1, pushed: 0, withheld: 0, failed: 1 });
    expect(entry?.firstSeenMs).toBe(400);
  });

  it('takes up again what the store did not take, and what was asked for meanwhile', async () => {
    const { record, listed, store, recorder, indexer, lines } = setUp({ messages: [stored] });
    record(plan);
    await listed();
    recorder.push(app, { ...push, reason: 'queued' });
    await recorder.flush();
    store.away = true;
    await indexer.flush();
    expect(lines).toEqual(['warn the journey index is not being written']);
    store.away = false;
    const [entry] = await listed();
    expect(entry?.counts.queued).toBe(1);
  });

  it('makes entries anew by itself, half a second after a fact', async () => {
    const { record, recorder, clock, index, listed } = setUp({ messages: [stored] });
    record(plan);
    await listed();
    recorder.push(app, { ...push, reason: 'queued' });
    await recorder.flush();
    clock.advance(500);
    await expect
      .poll(() => index.list(app, { has: [['queued']], limit: 1, scan: 1 }))
      .toMatchObject({
        items: [{ messageId: id(1) }],
      });
  });

  it('makes all messages of a range anew, also one that is longer than a turn', async () => {
    const messages = Array.from({ length: 230 }, (_, n) =>
      sampleMessage({ id: id(n + 1), cid: `m${n}`, stream: 'c:c1', seq: n + 1, conversationId: 'c1' }),
    );
    const { record, listed, indexer, recorder } = setUp({ messages });
    for (const { id: messageId, seq } of messages) record({ ...plan, messageId, seq });
    await listed();
    recorder.acked(app, [{ ...ack, from: 1, to: 230 }]);
    await recorder.flush();
    await indexer.flush();
    const entries = await listed({ has: [['acked']], limit: 500 });
    expect(entries).toHaveLength(230);
  });

  it('gives up a turn that is under way when the process ends and the store is slow', async () => {
    const messages = Array.from({ length: 100 }, (_, n) =>
      sampleMessage({ id: id(n + 1), cid: `m${n}`, stream: 'c:c1', seq: n + 1, conversationId: 'c1' }),
    );
    const { record, listed, indexer, recorder, store, clock } = setUp({ messages });
    for (const { id: messageId, seq } of messages) record({ ...plan, messageId, seq });
    await listed();
    recorder.acked(app, [{ ...ack, from: 1, to: 100 }]);
    await recorder.flush();
    const read = store.read.bind(store);
    let reads = 0;
    store.read = (...about) => {
      reads += 1;
      clock.advance(1000);
      return read(...about);
    };
    clock.advance(500);
    await indexer.stop();
    // Twenty at once, of two reads each.
    expect(reads).toBe(40);
  });

  it('has no entry of typing and of reads', async () => {
    const { record, listed } = setUp();
    record({ ...plan, kind: 'typing' }, { ...plan, messageId: id(2), kind: 'read' }, { ...plan, messageId: id(3) });
    expect((await listed()).map(({ messageId }) => messageId)).toEqual([id(3)]);
  });

  it('names nobody where there are many, and counts where nobody is named', async () => {
    const many = Array.from({ length: namedUsers + 1 }, (_, n) => ({
      ...{ userId: `u${n}`, realtime: [], reason: 'no_connection' as const, push: [], pushReason: 'muted' as const },
    }));
    const crowd: MessageSent = {
      ...plan,
      messageId: id(2),
      recipients: undefined,
      recipientCount: 2000,
      counts: { acked: 3000 },
    };
    const { record, listed } = setUp();
    record({ ...plan, recipients: many, recipientCount: many.length }, crowd);
    const [second, first] = await listed();
    expect(first).toMatchObject({ recipients: namedUsers + 1, sums: { withheld: namedUsers + 1 } });
    expect(first).not.toHaveProperty('users');
    // Connections, of which somebody may have two.
    expect(second).toMatchObject({ recipients: 2000, sums: { seen: 2000 } });
  });

  it('knows when it was seen first, where many acknowledged it', async () => {
    const { record, listed } = setUp({ messages: [stored] });
    record({ ...plan, recipients: undefined, counts: { sent: 2000 }, recipientCount: 2000 });
    record(
      acked({ ...ack, from: 5, to: 5, atMs: t0 + 70 }, { ...ack, from: 5, to: 5, connectionId: id(12), atMs: t0 + 60 }),
    );
    expect(await listed()).toMatchObject([{ firstSeenMs: 60, counts: { acked: 2, sent: 1998 } }]);
  });
});
