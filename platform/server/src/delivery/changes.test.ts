// Changes of messages that a client has, reported after it was away: as they are now, and nothing that it may
// not see.

import { describe, expect, test } from 'vitest';
import { FakeOutlet } from '../../test/support/fake-outlet.ts';
import { createTestMessaging, textRequest } from '../../test/support/messaging.ts';
import type { MessageStore } from '../ports/stores/index.ts';

const byKey = { via: 'http-key' as const };
const stream = 'c:c1';

/** Alice has said `one` to `four` to bob; a minute has passed. */
async function setUp(options: Parameters<typeof createTestMessaging>[0] = {}) {
  const messaging = createTestMessaging(options);
  const { app, clock } = messaging;
  const node = messaging.node('n1');
  await node.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }, { userId: 'bob' }] });
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three', 'four'])
    ids.push((await node.broadcasting.carry(app, textRequest('c1', 'alice', text), byKey)).id);
  await clock.advance(60_000);
  const wentMs = clock.now();
  await clock.advance(60_000);
  const edit = (n: number, text: string) =>
    node.chatActions.editMessage(app, ids[n - 1] ?? '', { content: { text }, by: {}, origin: byKey });
  const remove = (n: number) => node.chatActions.deleteMessage(app, ids[n - 1] ?? '', { origin: byKey });
  const tell = async (
    given: { userId?: string; seq?: number; sinceMs?: number; outlet?: FakeOutlet; features?: string[] } = {},
  ) => {
    const { userId = 'bob', seq = 4, sinceMs = wentMs, ...rest } = given;
    const session = await node.connect(userId, rest);
    const told = node.changes.report(session, [{ stream, epoch: 'e1', seq }], sinceMs);
    await clock.advance(0);
    return { session, told, events: session.outlet.events };
  };
  return { ...messaging, node, ids, edit, remove, tell, wentMs };
}

describe('changes of messages that a client has', () => {
  test('are reported in the order in which they were made, each message as it is now', async () => {
    const { edit, remove, tell, ids, clock } = await setUp();
    await edit(3, 'first');
    await clock.advance(1);
    await edit(1, 'one!');
    await clock.advance(1);
    await edit(3, 'three!');
    await clock.advance(1);
    await remove(2);
    const { events } = await tell();
    expect(events.map(({ action, conversationId, data }) => ({ action, conversationId, ...data }))).toEqual([
      {
        ...{ action: 'message_edited', conversationId: 'c1', messageId: ids[0], seq: 1, senderId: 'alice' },
        ...{ type: 'text', content: { text: 'one!' }, editedAt: expect.any(String) },
      },
      {
        ...{ action: 'message_edited', conversationId: 'c1', messageId: ids[2], seq: 3, senderId: 'alice' },
        ...{ type: 'text', content: { text: 'three!' }, editedAt: expect.any(String) },
      },
      {
        ...{ action: 'message_deleted', conversationId: 'c1', messageId: ids[1], seq: 2, senderId: 'alice' },
        deletedAt: expect.any(String),
      },
    ]);
  });

  test('are the same events as the live ones, so that a client treats them alike', async () => {
    const { node, edit, remove, tell } = await setUp();
    const live = await node.connect('bob');
    await edit(1, 'one!');
    await remove(2);
    const { events } = await tell();
    const withoutTime = (all: typeof events) => all.map(({ timestamp: _, ...event }) => event);
    expect(withoutTime(events)).toEqual(withoutTime(live.outlet.events));
  });

  test('are reported as an edit, an addition or both, by which of them came after it went', async () => {
    const { edit, tell, ids, node, app, clock } = await setUp();
    const react = (n: number) =>
      node.chatActions.react(app, ids[n - 1] ?? '', { reaction: '👍', userId: 'alice', isOn: true, origin: byKey });
    await edit(1, 'one!');
    await edit(2, 'two!');
    await clock.advance(3_600_000);
    const wentLaterMs = clock.now();
    await clock.advance(60_000);
    await react(2);
    await react(3);
    await edit(3, 'three!');
    const events = await tell({ sinceMs: wentLaterMs });
    expect(events.events.map(({ action, data }) => [action, data['seq']])).toEqual([
      ['message_updated', 2],
      ['message_edited', 3],
      ['message_updated', 3],
    ]);
    expect(events.events[0]?.data).toMatchObject({ messageId: ids[1], reactions: [{ userIds: ['alice'] }] });
  });

  test('are reported only for messages that it has, and only where they came after it went', async () => {
    const { edit, tell, clock, node, wentMs } = await setUp();
    await edit(4, 'four!');
    expect((await tell({ seq: 3 })).events).toEqual([]);
    const session = await node.connect('bob');
    await clock.advance(60_000);
    await node.changes.report(session, [{ stream, epoch: 'e1', seq: 4 }], clock.now());
    expect(session.outlet.events).toEqual([]);
    // The clocks of two nodes do not agree to the millisecond.
    await node.changes.report(session, [{ stream, epoch: 'e1', seq: 4 }], wentMs + 60_000 + 9000);
    expect(session.outlet.actions()).toEqual(['message_edited']);
  });

  test('are not reported to a user who may not read the stream, nor on a page without messaging', async () => {
    const { edit, tell } = await setUp();
    await edit(1, 'one!');
    expect((await tell({ userId: 'mallory' })).events).toEqual([]);
    expect((await tell({ features: ['typing_indicator'] })).events).toEqual([]);
    expect((await tell()).events).toHaveLength(1);
  });

  test('wait for a client that does not read, and go on where they were', async () => {
    const { app, node, tell, clock, stores } = await setUp({ behindBytes: 10_000 });
    for (let n = 5; n <= 450; n += 1) {
      await node.broadcasting.carry(app, textRequest('c1', 'alice', `${n}`), byKey);
      await stores.messages.edit(
        app,
        { stream, seq: n },
        { data: { type: 'text', content: {} }, editedAt: clock.now() },
      );
    }
    const outlet = new FakeOutlet(10_000);
    outlet.stall();
    const { events, told } = await tell({ seq: 450, outlet });
    expect(events).toHaveLength(200);
    outlet.takeAll();
    await clock.advance(0);
    expect(events).toHaveLength(400);
    outlet.drain();
    await told;
    expect(events.map(({ data }) => data['seq'])).toEqual(Array.from({ length: 446 }, (_, n) => n + 5));
  });

  test('are reported later when the store is away', async () => {
    let failures = 2;
    const messagesOf = (messages: MessageStore): MessageStore => ({
      ...messages,
      changed: (...args) => ((failures -= 1) >= 0 ? Promise.reject(new Error('away')) : messages.changed(...args)),
    });
    const { edit, tell, clock, node } = await setUp({ messagesOf });
    await edit(1, 'one!');
    const { events, told } = await tell();
    await clock.advance(999);
    expect(events).toEqual([]);
    // Each wait is up to a quarter longer.
    await clock.advance(1 + 250 + 2500);
    await told;
    expect(events).toHaveLength(1);
    expect(node.logger.of('warn')).toEqual(['changes could not be reported to a connection']);
  });
});
