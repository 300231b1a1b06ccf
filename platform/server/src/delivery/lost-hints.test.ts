// Hints that did not arrive, came late or came twice, over two nodes of one process: stream sequencer and
// LostHints.

import { describe, expect, test } from 'vitest';
import { createTestMessaging, textRequest, type TestNode } from '../../test/support/messaging.ts';
import type { Delivery } from '../ports/delivery.ts';
import { LostHints } from './lost-hints.ts';

const stream = 'c:c1';
const byKey = { via: 'http-key' as const };

async function setUp() {
  const messaging = createTestMessaging();
  const [one, two] = [messaging.node('n1'), messaging.node('n2')];
  await one.conversations.put(messaging.app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
  const say = async (node: TestNode) => {
    await node.broadcasting.carry(messaging.app, textRequest('c1', 'alice'), byKey);
    await messaging.clock.advance(0);
  };
  const bob = await two.connect('bob');
  const startLostHints = () => {
    const surroundings = { clock: messaging.clock, log: two.logger, metrics: two.metrics };
    const lostHints = new LostHints({ bus: two.bus, sequencer: two.sequencer, surroundings });
    lostHints.start();
    return lostHints;
  };
  return { ...messaging, one, two, say, bob, startLostHints, told: () => bob.outlet.told(stream) };
}

describe('a hole in the seqs', () => {
  test('is filled from the log before the event that showed it', async () => {
    const { one, two, say, busHub, told } = await setUp();
    await say(one);
    busHub.dropNext(2);
    await say(one);
    await say(one);
    expect(told()).toEqual([1]);
    await say(one);
    expect(told()).toEqual([1, 2, 3, 4]);
    expect(two.metrics.value('log_heal_total', ['hole'])).toBe(2);
  });

  test('is also noticed by a message of this node', async () => {
    const { one, two, say, busHub, told } = await setUp();
    await say(two);
    busHub.dropNext(1);
    await say(one);
    await say(two);
    expect(told()).toEqual([1, 2, 3]);
  });

  test('is filled without the message of the connection that sent it, which has its answer', async () => {
    const stored = Promise.withResolvers<undefined>();
    const messaging = createTestMessaging({
      messagesOf: (messages) => ({
        ...messages,
        // It stands in the log for a while before its node knows.
        async append(app, group, epoch) {
          const result = await messages.append(app, group, epoch);
          if (group[0]?.cid === 'own') await stored.promise;
          return result;
        },
      }),
    });
    const { app, clock } = messaging;
    const [one, two] = [messaging.node('n1'), messaging.node('n2')];
    await one.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
    const [alice, sameUser, bob] = [await one.connect('alice'), await one.connect('alice'), await one.connect('bob')];
    const request = { ...textRequest('c1', 'alice'), idempotencyKey: 'own' };
    await one.broadcasting.carry(app, textRequest('c1', 'bob'), { via: 'socket', session: bob });
    const sending = one.broadcasting.carry(app, request, { via: 'socket', session: alice });
    await clock.advance(0);
    await two.broadcasting.carry(app, textRequest('c1', 'bob'), byKey);
    await clock.advance(0);
    expect([alice, sameUser].map(({ outlet }) => outlet.told(stream))).toEqual([
      [1, 3],
      [1, 2, 3],
    ]);
    stored.resolve(undefined);
    expect((await sending).message?.seq).toBe(2);
    await clock.advance(0);
    expect([alice, sameUser].map(({ outlet }) => outlet.told(stream))).toEqual([
      [1, 3],
      [1, 2, 3],
    ]);
  });

  test('is passed over when it was pruned meanwhile', async () => {
    const { one, say, busHub, told, stores, app, clock } = await setUp();
    await say(one);
    busHub.dropNext(2);
    await say(one);
    await say(one);
    await clock.advance(1000);
    await stores.messages.clearOutbox(
      app,
      [1, 2, 3].map((seq) => ({ stream, seq })),
    );
    busHub.hold();
    await say(one);
    await stores.messages.prune(app, clock.now(), 100);
    busHub.release();
    await clock.advance(0);
    expect(told()).toEqual([1, 4]);
    await say(one);
    expect(told()).toEqual([1, 4, 5]);
  });

  test('is filled later when the store cannot fill it, even if no message ever follows', async () => {
    const { one, two, say, busHub, told, stores, clock, startLostHints } = await setUp();
    const lostHints = startLostHints();
    await say(one);
    busHub.dropNext(1);
    await say(one);
    stores.fail('messages.read');
    await say(one);
    expect(told()).toEqual([1]);
    expect(two.logger.of('warn')).toEqual(['a hole in a stream could not be filled']);
    stores.fail(undefined);
    await clock.advance(5000);
    expect(told()).toEqual([1, 2, 3]);
    lostHints.stop();
    expect(clock.pending()).toBe(0);
  });
});

describe('a lost hint that nothing follows', () => {
  test('is made good when the bus is back', async () => {
    const { one, two, say, busHub, told, clock, startLostHints } = await setUp();
    const lostHints = startLostHints();
    await say(one);
    busHub.down('n2');
    await say(one);
    expect(told()).toEqual([1]);
    busHub.up('n2');
    await clock.advance(0);
    expect(told()).toEqual([1, 2]);
    expect(two.metrics.value('log_heal_total', ['head'])).toBe(1);
    lostHints.stop();
  });

  test('is made good when the node that could not say it can again, though the bus was up here all the time', async () => {
    const { one, two, say, busHub, told, clock, startLostHints } = await setUp();
    const lostHints = startLostHints();
    await say(one);
    busHub.down('n1');
    await say(one);
    expect(told()).toEqual([1]);
    busHub.up('n1');
    await clock.advance(0);
    expect(told()).toEqual([1, 2]);
    expect(two.logger.of('error')).toEqual([]);
    lostHints.stop();
  });

  test('is made good within 10 s while the bus does not answer', async () => {
    const { one, say, busHub, told, clock, startLostHints } = await setUp();
    const lostHints = startLostHints();
    await say(one);
    busHub.dropNext(1);
    await say(one);
    busHub.hold();
    await clock.advance(9999);
    expect(told()).toEqual([1, 2]);
    busHub.release();
    lostHints.stop();
  });

  test('is made good of a stream that was only resumed here', async () => {
    const { one, two, say, busHub, clock } = await setUp();
    busHub.dropNext(1);
    await say(one);
    const session = await two.connect('bob');
    (await two.catchUps.prepare(session, [{ stream, epoch: 'e1', seq: 0 }], 'resume')).start();
    await clock.advance(0);
    busHub.dropNext(1);
    await say(one);
    await two.sequencer.compareHeads();
    expect(session.outlet.told(stream)).toEqual([1, 2]);
  });

  test('is made good of a conversation that was made anew', async () => {
    const { one, two, say, busHub, bob, app } = await setUp();
    await say(one);
    await say(one);
    await one.conversations.remove(app, 'c1');
    await one.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
    busHub.dropNext(1);
    await say(one);
    bob.outlet.clear();
    await two.sequencer.compareHeads();
    expect(bob.outlet.events.map(({ epoch, seq }) => [epoch, seq])).toEqual([['e2', 1]]);
  });
});

test('a comparison that fails is made again', async () => {
  const { one, say, busHub, told, clock, startLostHints, stores } = await setUp();
  const lostHints = startLostHints();
  await say(one);
  busHub.dropNext(1);
  await say(one);
  await clock.advance(4999);
  // The probe is not heard, and the heads cannot be compared.
  busHub.dropNext(1);
  stores.fail('messages.heads');
  await clock.advance(2002);
  stores.fail(undefined);
  expect(told()).toEqual([1]);
  await clock.advance(5000);
  expect(told()).toEqual([1, 2]);
  lostHints.stop();
});

test('a comparison that failed after the bus was heard again is made again as well', async () => {
  const { one, say, busHub, told, clock, startLostHints, stores } = await setUp();
  const lostHints = startLostHints();
  await say(one);
  await clock.advance(4999);
  busHub.dropNext(1);
  await clock.advance(2002);
  busHub.dropNext(1);
  await say(one);
  stores.fail('messages.heads');
  await clock.advance(5000);
  stores.fail(undefined);
  expect(told()).toEqual([1]);
  await clock.advance(5000);
  expect(told()).toEqual([1, 2]);
  lostHints.stop();
});

describe('hints that come in disorder', () => {
  const timestamp = '2026-01-01T00:00:00.000Z';
  const hint = (seq: number): Delivery => ({
    event: { action: 'new_message', stream, epoch: 'e1', seq, timestamp, data: {} },
    rule: { action: 'new_message', realtime: 'all' },
    to: { conversation: 'c1' },
    sender: 'like_anybody',
  });

  test('are delivered in order, and once, also while a hole is being filled', async () => {
    const { one, say, told, app, busHub, clock } = await setUp();
    await say(one);
    busHub.dropNext(2);
    await say(one);
    await say(one);
    await busHub.connect('n3').events.publish(app, { type: 'deliveries', deliveries: [hint(3), hint(2)] });
    await clock.advance(0);
    expect(told()).toEqual([1, 2, 3]);
  });

  test('are delivered although what was before them is in no log any more', async () => {
    const { one, say, told, app, busHub, clock } = await setUp();
    await say(one);
    await busHub.connect('n3').events.publish(app, { type: 'deliveries', deliveries: [hint(4), hint(6), hint(5)] });
    await clock.advance(0);
    expect(told()).toEqual([1, 4, 5, 6]);
  });

  test('reach a session that began live, although another session got them from the log before', async () => {
    const { one, two, say, told, busHub, clock } = await setUp();
    busHub.hold();
    await say(one);
    const session = await two.connect('bob');
    (await two.catchUps.prepare(session, [{ stream, epoch: 'e1', seq: 0 }], 'resume')).start();
    await clock.advance(0);
    expect([told(), session.outlet.told(stream)]).toEqual([[], [1]]);
    busHub.release();
    await clock.advance(0);
    expect([told(), session.outlet.told(stream)]).toEqual([[1], [1]]);
  });
});

test('an event that comes twice is delivered once', async () => {
  const { one, say, told, app, busHub } = await setUp();
  await say(one);
  const delivery: Delivery = {
    event: { action: 'new_message', stream, epoch: 'e1', seq: 1, timestamp: '2026-01-01T00:00:00.000Z', data: {} },
    rule: { action: 'new_message', realtime: 'all' },
    to: { conversation: 'c1' },
    sender: 'like_anybody',
  };
  await busHub.connect('n3').events.publish(app, { type: 'deliveries', deliveries: [delivery] });
  await say(one);
  expect(told()).toEqual([1, 2]);
});

test('what passed the node by is looked for when it is told that presence did not show its connections', async () => {
  const { one, say, told, busHub, clock, startLostHints } = await setUp();
  const lostHints = startLostHints();
  await say(one);
  busHub.dropNext(1);
  await say(one);
  expect(told()).toEqual([1]);
  lostHints.suspect();
  await clock.advance(0);
  expect(told()).toEqual([1, 2]);
  lostHints.stop();
});

test('the first acknowledgement of the newest event takes its delivery time, once', async () => {
  const { two, say, app, clock } = await setUp();
  await say(two);
  await clock.advance(120);
  expect(two.places.takeDeliveryMs(app, { stream, seq: 2 }, clock.now())).toBeUndefined();
  expect(two.places.takeDeliveryMs(app, { stream, seq: 1 }, clock.now())).toBe(120);
  expect(two.places.takeDeliveryMs(app, { stream, seq: 1 }, clock.now())).toBeUndefined();
});
