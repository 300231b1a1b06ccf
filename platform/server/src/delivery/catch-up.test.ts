import { describe, expect, test, vi } from 'vitest';
import { FakeOutlet } from '../../test/support/fake-outlet.ts';
import { createTestMessaging, textRequest, type TestNode, type TestSession } from '../../test/support/messaging.ts';
import { sampleMessages } from '../../test/support/samples.ts';
import type { MessageStore } from '../ports/stores/index.ts';

const stream = 'c:c1';
const byKey = { via: 'http-key' as const };

async function setUp(options: Parameters<typeof createTestMessaging>[0] = {}) {
  const messaging = createTestMessaging(options);
  const node = messaging.node('n1');
  await node.conversations.put(messaging.app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
  const say = async (times = 1) => {
    for (let time = 0; time < times; time += 1)
      await node.broadcasting.carry(messaging.app, textRequest('c1', 'alice'), byKey);
  };
  return { ...messaging, ...node, messaging, node, say };
}

/** A store whose answers wait until they are let go. */
function held(): { messagesOf: (messages: MessageStore) => MessageStore; hold(): void; release(): void } {
  let gate: Promise<undefined> | undefined;
  let open: () => void = () => {};
  return {
    messagesOf: (messages) => ({
      ...messages,
      async read(...args) {
        const found = await messages.read(...args);
        await gate;
        return found;
      },
    }),
    hold() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      gate = promise;
      open = () => resolve(undefined);
    },
    release: () => {
      gate = undefined;
      open();
    },
  };
}

async function resume(node: TestNode, userId: string, positions: { stream: string; epoch: string; seq: number }[]) {
  const session = await node.connect(userId);
  const { resumed, start } = await node.catchUps.prepare(session, positions, 'resume');
  return { session, resumed, start };
}

const at = (seq: number, epoch = 'e1') => [{ stream, epoch, seq }];

describe('a resume', () => {
  test('announces what follows, and that then comes before anything newer', async () => {
    const { node, say, settled } = await setUp();
    await say(4);
    const { session, resumed, start } = await resume(node, 'bob', at(1));
    expect(resumed).toEqual([{ stream, epoch: 'e1', from: 2, to: 4 }]);
    await say();
    expect(session.outlet.events).toEqual([]);
    start();
    await settled();
    expect(session.outlet.told(stream)).toEqual([2, 3, 4, 5]);
    await say();
    expect(session.outlet.told(stream)).toEqual([2, 3, 4, 5, 6]);
    expect(node.metrics.value('catch_ups_total', ['resume'])).toBe(1);
  });

  test('where nothing was missed ends one below where it begins, and reads no messages', async () => {
    const read = vi.fn<MessageStore['read']>();
    const messagesOf = (all: MessageStore): MessageStore => ({ ...all, read: read.mockImplementation(all.read) });
    const { node, say, settled } = await setUp({ messagesOf });
    await say(2);
    const { session, resumed, start } = await resume(node, 'bob', at(2));
    expect(resumed).toEqual([{ stream, epoch: 'e1', from: 3, to: 2 }]);
    read.mockClear();
    start();
    await settled();
    expect(session.outlet.events).toEqual([]);
    expect(read).not.toHaveBeenCalled();
    await say();
    expect(session.outlet.told(stream)).toEqual([3]);
  });

  test('misses nothing that is stored while the log is being read', async () => {
    const gate = held();
    const { node, say, settled } = await setUp({ messagesOf: gate.messagesOf });
    const { session, start } = await resume(node, 'bob', at(0));
    gate.hold();
    start();
    await settled();
    await say();
    gate.release();
    await settled();
    expect(session.outlet.told(stream)).toEqual([1]);
  });

  test('misses nothing that is stored before its session can be found, whoever has read the log before', async () => {
    const { node, say, settled } = await setUp();
    await say(2);
    const other = await resume(node, 'bob', at(2));
    other.start();
    await settled();
    // As `connect` does: the answer is made first, and only then the session is one of this node.
    const session = await node.connect('bob');
    node.registry.remove(session);
    const { resumed, start } = await node.catchUps.prepare(session, at(2), 'resume');
    expect(resumed).toEqual([{ stream, epoch: 'e1', from: 3, to: 2 }]);
    await say();
    expect(other.session.outlet.told(stream)).toEqual([3]);
    node.registry.add(session);
    start();
    await settled();
    expect(session.outlet.told(stream)).toEqual([3]);
  });

  test('of more than one read of the log', async () => {
    const { node, say, settled } = await setUp();
    await say(450);
    const { session, start } = await resume(node, 'bob', at(20));
    start();
    await settled();
    expect(session.outlet.told(stream)).toEqual(Array.from({ length: 430 }, (_, index) => index + 21));
  });

  test('of a log that no longer reaches back is a gap, and goes on after it', async () => {
    const { node, app, stores, clock, say, settled } = await setUp();
    await say(5);
    await clock.advance(1000);
    await say();
    await stores.messages.clearOutbox(
      app,
      [1, 2, 3, 4, 5].map((seq) => ({ stream, seq })),
    );
    await stores.messages.prune(app, clock.now(), 100);
    const { session, resumed, start } = await resume(node, 'bob', at(2));
    expect(resumed).toEqual([{ stream, epoch: 'e1', gap: { from: 3, to: 6, reason: 'too_old' } }]);
    start();
    await say();
    await settled();
    expect(session.outlet.told(stream)).toEqual([7]);
    // One that lacks only what is still there.
    expect((await resume(node, 'bob', at(5))).resumed).toMatchObject([{ from: 6, to: 7 }]);
  });

  test('gets a gap for the missing events when the log was pruned since it was answered', async () => {
    const { node, app, stores, clock, say, settled } = await setUp();
    await say(5);
    const { session, start } = await resume(node, 'bob', at(1));
    await clock.advance(1000);
    await stores.messages.clearOutbox(
      app,
      [1, 2, 3, 4, 5].map((seq) => ({ stream, seq })),
    );
    await stores.messages.prune(app, clock.now(), 100);
    start();
    await settled();
    expect(session.outlet.events).toMatchObject([
      { action: 'gap', stream, data: { from: 2, to: 4, reason: 'too_old' } },
      { action: 'new_message', seq: 5 },
    ]);
  });

  test.each([
    ['of another epoch', at(1, 'e0')],
    ['beyond the head', at(9)],
  ])('%s is a gap over everything', async (_name, positions) => {
    const { node, say, settled } = await setUp();
    await say(2);
    const { session, resumed, start } = await resume(node, 'bob', positions);
    expect(resumed).toEqual([{ stream, epoch: 'e1', gap: { from: 1, to: 2, reason: 'unknown_epoch' } }]);
    start();
    await say();
    await settled();
    expect(session.outlet.told(stream)).toEqual([3]);
  });

  test('of a stream that is not the user’s says what it says of one that is not there, and keeps nothing', async () => {
    const { node, say, settled } = await setUp();
    await say(2);
    const names = [stream, 'c:none', 'i:alice'];
    const positions = names.map((name) => ({ stream: name, epoch: 'e1', seq: 1 }));
    const { session, resumed, start } = await resume(node, 'mallory', positions);
    expect(resumed).toEqual(names.map((name) => ({ stream: name, gap: { from: 1, to: 0, reason: 'unknown_epoch' } })));
    start();
    await say();
    await settled();
    const told = session.outlet.events.map(({ action, conversationId, data }) => ({ action, conversationId, data }));
    expect(told).toEqual(
      ['c1', 'none'].map((conversationId) => ({
        ...{ action: 'conversation_removed', conversationId },
        data: { conversationId, reason: 'removed' },
      })),
    );
    expect(session.deliveryState).toMatchObject({ resumedAfter: undefined, catchUps: new Map() });
  });

  test('of too many streams is refused', async () => {
    const { node } = await setUp();
    const positions = Array.from({ length: 1001 }, () => ({ stream, epoch: 'e1', seq: 0 }));
    const session = await node.connect('bob');
    for (const [cause, field] of [
      ['resume', 'resume'],
      ['sync', 'streams'],
    ] as const) {
      await expect(node.catchUps.prepare(session, positions, cause)).rejects.toMatchObject({
        code: 'too_many',
        path: [field],
      });
    }
  });

  test('shows a message as it is now: edited, or deleted', async () => {
    const { node, app, settled, chatActions } = await setUp();
    const ids: string[] = [];
    for (const text of ['one', 'two']) {
      const input = { senderId: 'alice', type: 'text', content: { text }, origin: byKey };
      ids.push((await chatActions.broadcastMessage(app, 'c1', input)).messageId);
    }
    await chatActions.editMessage(app, ids[0] ?? '', { content: { text: 'uno' }, by: {}, origin: byKey });
    await chatActions.deleteMessage(app, ids[1] ?? '', { origin: byKey });
    const { session, start } = await resume(node, 'bob', at(0));
    start();
    await settled();
    expect(session.outlet.events).toMatchObject([
      { action: 'new_message', seq: 1, data: { content: { text: 'uno' }, editedAt: expect.any(String) } },
      { action: 'message_deleted', seq: 2, data: { messageId: ids[1], seq: 2 } },
    ]);
  });
});

describe('a sync', () => {
  test('while the log is being read takes over from it, and does not end in silence', async () => {
    const gate = held();
    const { node, say, settled } = await setUp({ messagesOf: gate.messagesOf });
    await say(3);
    gate.hold();
    const { session, start } = await resume(node, 'bob', at(0));
    start();
    await settled();
    const again = await node.catchUps.prepare(session, at(1), 'sync');
    again.start();
    gate.release();
    await settled();
    expect(session.outlet.told(stream)).toEqual([2, 3]);
    await say();
    expect(session.outlet.told(stream)).toEqual([2, 3, 4]);
  });

  test('sends again what was passed over, in its place', async () => {
    const { node, app, say, settled } = await setUp();
    const session = await node.connect('bob');
    await say();
    await node.broadcasting.carry(app, { ...textRequest('c1', 'alice'), exclude: ['bob'] }, byKey);
    const { start } = await node.catchUps.prepare(session, at(0), 'sync');
    session.outlet.clear();
    start();
    await settled();
    await say();
    expect(session.outlet.told(stream)).toEqual([1, '2-2', 3]);
  });

  test('loses nothing of the events that came meanwhile when it fails', async () => {
    const { node, stores, say, settled } = await setUp();
    const session = await node.connect('bob');
    await say();
    const { heads } = stores.messages;
    stores.messages.heads = async () => {
      stores.messages.heads = heads;
      await say();
      throw new Error('away');
    };
    await expect(node.catchUps.prepare(session, at(1), 'sync')).rejects.toThrow('away');
    await say();
    await settled();
    expect(session.outlet.told(stream)).toEqual([1, 2, 3]);
  });
});

test('a sync that fails leaves a slow session where it was', async () => {
  const { node, connect, stores, say, settled } = await setUp({ behindBytes: 300 });
  const outlet = new FakeOutlet(300);
  const session = await connect('bob', { outlet });
  outlet.stall();
  await say(4);
  stores.fail('messages.heads');
  await expect(node.catchUps.prepare(session, at(2), 'sync')).rejects.toMatchObject({ code: 'unavailable' });
  stores.fail(undefined);
  outlet.drain();
  await settled();
  expect(outlet.told(stream)).toEqual([1, 2, 3, 4]);
});

describe('a session that is slow', () => {
  async function slow(behindBytes = 300) {
    const set = await setUp({ behindBytes });
    const outlet = new FakeOutlet(behindBytes);
    const session = await set.connect('bob', { outlet });
    outlet.stall();
    await set.say(6);
    return { ...set, session, outlet };
  }

  test('is sent no more than its buffer may hold, and the rest bit by bit as it reads', async () => {
    const { outlet, settled } = await slow();
    expect(outlet.told(stream)).toEqual([1, 2]);
    outlet.takeAll();
    await settled();
    expect(outlet.told(stream)).toEqual([1, 2, 3, 4]);
    outlet.drain();
    await settled();
    expect(outlet.told(stream)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('gets nothing of a conversation that it was removed from meanwhile', async () => {
    const { outlet, app, conversations, settled } = await slow();
    await conversations.removeParticipant(app, 'c1', 'bob');
    outlet.drain();
    await settled();
    expect(outlet.told(stream)).toEqual([1, 2]);
  });

  test('gets the messages of a conversation that was made anew meanwhile, from the first', async () => {
    const { outlet, app, conversations, say, settled } = await slow();
    await conversations.remove(app, 'c1');
    await conversations.put(app, 'c1', { participants: [{ userId: 'bob' }, { userId: 'alice' }] });
    await say(2);
    outlet.clear();
    outlet.drain();
    await settled();
    await say();
    expect(outlet.events.map(({ epoch, seq }) => [epoch, seq])).toEqual([1, 2, 3].map((seq) => ['e2', seq]));
  });

  test('is sent nothing once it has closed', async () => {
    const { outlet, session, close, settled } = await slow();
    await close(session);
    outlet.drain();
    await settled();
    expect(outlet.told(stream)).toEqual([1, 2]);
  });
});

describe('a log that cannot be read', () => {
  test('is tried again until it can be read, with one line in the log', async () => {
    const { node, stores, clock, say, logger } = await setUp();
    await say(2);
    const { session, start } = await resume(node, 'bob', at(0));
    stores.fail('messages.read');
    start();
    await clock.advance(6000);
    stores.fail(undefined);
    expect(session.outlet.events).toEqual([]);
    await clock.advance(15_000);
    expect(session.outlet.told(stream)).toEqual([1, 2]);
    expect(logger.of('warn')).toEqual(['a connection could not catch up']);
    expect(clock.pending()).toBe(0);
  });

  test('is not tried for ever for a session that has gone', async () => {
    const { node, stores, clock, say } = await setUp();
    await say(2);
    const { session, start } = await resume(node, 'bob', at(0));
    stores.fail('messages.read');
    start();
    await clock.advance(500);
    await node.close(session);
    await clock.advance(60_000);
    expect(clock.pending()).toBe(0);
  });
});

test('events of a conversation made anew are not taken for those that the log brought of the old one', async () => {
  const { node, app, conversations, say, settled } = await setUp();
  await say(5);
  const { session, start } = await resume(node, 'bob', at(3));
  start();
  await settled();
  await conversations.remove(app, 'c1');
  await conversations.put(app, 'c1', { participants: [{ userId: 'bob' }, { userId: 'alice' }] });
  session.outlet.clear();
  await say(2);
  expect(session.outlet.told(stream)).toEqual([1, 2]);
});

test('a long log is sent to a session that reads it, whatever its size', async () => {
  const { node, app, stores, settled } = await setUp({ behindBytes: 2000 });
  await stores.messages.append(app, sampleMessages(1, 300));
  const outlet = new FakeOutlet(2000);
  const session: TestSession = await node.connect('bob', { outlet });
  outlet.stall();
  (await node.catchUps.prepare(session, at(0), 'resume')).start();
  for (let turn = 0; turn < 60; turn += 1) {
    await settled();
    outlet.takeAll();
  }
  await settled();
  expect(outlet.told(stream)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
});
