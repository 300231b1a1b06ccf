// The connections that an event reaches, on which node, and how often.

import { describe, expect, test, vi } from 'vitest';
import { byKey, validateEvents, say, startConversation } from '../../test/support/conversation.ts';
import { FakeOutlet } from '../../test/support/fake-outlet.ts';
import { textRequest } from '../../test/support/messaging.ts';

describe('a message', () => {
  test('goes to every other connection of its sender and all of the others, on all nodes, and not to the one it came by', async () => {
    const { one, two, clock, app } = await startConversation();
    const mine = await one.connect('alice');
    const others = [
      await one.connect('alice', { deviceType: 'mobile' }),
      await two.connect('alice'),
      await one.connect('bob'),
      await two.connect('bob', { deviceType: 'mobile' }),
      await two.connect('carol'),
    ];
    const stranger = await one.connect('mallory');
    const answer = await say(one, mine, { cid: 'a-1' });
    await clock.advance(0);
    expect(answer).toMatchObject({ seq: 1, duplicate: false, timestamp: new Date(clock.now()).toISOString() });
    for (const { outlet } of others) {
      expect(outlet.events).toEqual([
        {
          action: 'new_message',
          conversationId: 'c1',
          stream: 'c:c1',
          epoch: 'e1',
          seq: 1,
          timestamp: answer.timestamp,
          data: {
            messageId: answer.messageId,
            senderId: 'alice',
            cid: 'a-1',
            type: 'text',
            content: { text: 'hello' },
          },
        },
      ]);
    }
    others.forEach(validateEvents);
    expect(mine.outlet.events).toEqual([]);
    expect(stranger.outlet.events).toEqual([]);
    await one.broadcasting.settled();
    expect(one.pushes).toEqual([]);
    expect(app).toBe(mine.app);
  });

  test('is answered as the first time and delivered no second time when it is sent again', async () => {
    const { one, two, clock } = await startConversation();
    const [mine, other, far] = [await one.connect('alice'), await one.connect('bob'), await two.connect('bob')];
    const first = await say(one, mine, { cid: 'a-1' });
    const again = await say(two, await two.connect('alice'), { cid: 'a-1' });
    await clock.advance(0);
    expect(again).toEqual({ ...first, duplicate: true });
    for (const { outlet } of [other, far]) expect(outlet.told('c:c1')).toEqual([1]);
    await one.broadcasting.settled();
    expect(one.facts.of('message.sent')).toHaveLength(1);
    expect(two.facts.of('message.sent')).toHaveLength(0);
    await expect(say(one, mine, { cid: 'a-1', content: { text: 'other' } })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  test('is delivered when it is sent again after the node that stored it died before delivering it', async () => {
    const { one, two, clock, app, stores } = await startConversation();
    const [mine, near, far] = [await one.connect('alice'), await one.connect('bob'), await two.connect('bob')];
    await say(one, mine, { cid: 'a-1' });
    await clock.advance(0);
    const [first] = await stores.messages.read(app, 'c:c1', { limit: 1 });
    const draft = { type: 'text', content: { text: 'hello' } };
    const prepared = { kind: 'message', audience: { conversation: 'c1' }, sender: 'alice', data: draft };
    // As the dead node left it: in the log, and nowhere else.
    if (first !== undefined) await stores.messages.append(app, [{ ...first, id: 'dead', seq: 2, cid: 'a-2' }]);
    const again = await one.broadcasting.carry(app, { ...prepared, idempotencyKey: 'a-2' }, byKey);
    expect(again.duplicate).toBe(true);
    await clock.advance(0);
    for (const { outlet } of [near, far]) expect(outlet.told('c:c1')).toEqual([1, 2]);
  });

  test('by a user who is not in the conversation gets not_found, whether or not the conversation exists', async () => {
    const { one, stores, app } = await startConversation();
    const mallory = await one.connect('mallory');
    await expect(say(one, mallory)).rejects.toMatchObject({ code: 'not_found' });
    const origin = { via: 'socket' as const, session: mallory };
    await expect(one.broadcasting.carry(app, textRequest('c9', 'mallory'), origin)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await stores.messages.heads(app, ['c:c1'])).get('c:c1')?.seq).toBe(0);
  });

  test('is encoded once, however many connections get it', async () => {
    const { one, carry } = await startConversation();
    const sessions = await Promise.all(Array.from({ length: 50 }, () => one.connect('bob')));
    await carry(textRequest('c1', 'alice'));
    expect(new Set(sessions.flatMap(({ outlet }) => outlet.encoded)).size).toBe(1);
    expect(one.metrics.value('events_encoded_total')).toBe(1);
    expect(one.metrics.value('events_sent_total', ['new_message'])).toBe(50);
  });

  test('frees the sender’s next one when its own place is certain', async () => {
    const { one, app } = await startConversation();
    const mine = await one.connect('alice');
    const order: string[] = [];
    const send = (text: string) =>
      new Promise<void>((resolve) => {
        const origin = { via: 'socket' as const, session: mine, onQueued: resolve };
        void one.broadcasting.carry(app, textRequest('c1', 'alice', text), origin).then(() => order.push(text));
      });
    await send('first');
    await send('second');
    await one.broadcasting.settled();
    const page = await one.messages.history(app, 'c1', { limit: 5 });
    expect(page.messages.map(({ content }) => content?.['text'])).toEqual(['first', 'second']);
    expect(order).toEqual(['first', 'second']);
  });
});

describe('delivery', () => {
  test('of a message for some users reaches them; the others only hear that it was skipped', async () => {
    const { one, two, carry, clock } = await startConversation();
    const [bob, carol] = [await one.connect('bob'), await two.connect('carol')];
    await carry(textRequest('c1', 'alice'));
    await carry({ ...textRequest('c1', 'alice'), targetUserIds: ['bob', 'dave'] });
    await carry({ ...textRequest('c1', 'alice'), exclude: ['carol'] });
    await carry(textRequest('c1', 'alice'));
    await clock.advance(0);
    expect(bob.outlet.told('c:c1')).toEqual([1, 2, 3, 4]);
    expect(carol.outlet.told('c:c1')).toEqual([1, '2-3', 4]);
    validateEvents(carol);
  });

  test('reaches nobody on a page without the feature', async () => {
    const { one, carry } = await startConversation();
    const bob = await one.connect('bob', { features: [] });
    const { planned } = await carry(textRequest('c1', 'alice'));
    expect(bob.outlet.events).toEqual([]);
    expect((await planned)?.counts).toMatchObject({ feature_off_on_page: 1, no_connection: 1 });
  });

  test('of an announcement reaches the subscribers of its topic, or everyone who is connected, where the page has the feature', async () => {
    const { one, two, clock, carry } = await startConversation();
    const features = ['notifications'];
    const [subscriber, other, far] = [
      await one.connect('u1', { features }),
      await one.connect('u2', { features }),
      await two.connect('visitor:1', { features }),
    ];
    const off = await one.connect('u3', { features: [] });
    one.registry.subscribe(subscriber, 'news');
    one.registry.subscribe(off, 'news');
    two.registry.subscribe(far, 'news');
    const announcement = { kind: 'announcement', data: { title: 'T' } };
    await carry({ ...announcement, audience: { topic: 'news' } });
    await carry({ ...announcement, audience: { everyone: true }, exclude: ['u1'] });
    await clock.advance(0);
    expect([subscriber, other, far, off].map(({ outlet }) => outlet.events.length)).toEqual([1, 1, 2, 0]);
    expect(subscriber.outlet.events[0]).toMatchObject({ action: 'announcement', data: { title: 'T' } });
    validateEvents(far);
  });

  test('of an action with a policy for a topic reaches its subscribers, although the policy knows pushes', async () => {
    const { one, app } = await startConversation();
    const session = await one.connect('u1', { features: [] });
    one.registry.subscribe(session, 'news');
    const policy = {
      ...{ realtime: 'all' as const, push: 'undelivered' as const, pushTo: 'all' as const },
      ...{ ttlSeconds: 60, priority: 'normal' as const, respectPreferences: true },
    };
    const request = { action: 'tick', policy, audience: { topic: 'news' }, data: { n: 1 } };
    const result = await one.broadcasting.broadcast(app, request, byKey);
    expect(session.outlet.events).toMatchObject([{ action: 'tick', data: { n: 1, messageId: result.id } }]);
    expect(result).toMatchObject({ recipients: 1, decisions: { sent: 1, policy_never: 1 } });
  });

  test('of an event that is kept nowhere reaches each named user once, and nobody who is excluded', async () => {
    const { one, two, clock, app } = await startConversation();
    await one.kinds.put(app, { kind: 'ping', action: 'ping', audience: 'users', durable: false, policy: {} });
    const [bob, far, left] = [await one.connect('bob'), await two.connect('carol'), await two.connect('dave')];
    const audience = { users: ['bob', 'carol', 'carol', 'dave', 'bob'] };
    const result = await one.broadcasting.broadcast(
      app,
      { kind: 'ping', audience, exclude: ['dave'], data: {} },
      byKey,
    );
    await clock.advance(0);
    expect([bob, far, left].map(({ outlet }) => outlet.events.length)).toEqual([1, 1, 0]);
    expect(result).toMatchObject({ recipients: 2, decisions: { sent: 2 } });
  });

  test('never lets the data of an app pass for a field of Belfry’s own', async () => {
    const { one, app } = await startConversation();
    const bob = await one.connect('bob');
    const data = { title: 'T', messageId: 'x', senderId: 'mallory' };
    const request = { kind: 'system_notification', audience: { users: ['bob'] }, sender: 'carol', data };
    const { id } = await one.broadcasting.broadcast(app, request, byKey);
    expect(bob.outlet.events[0]?.data).toEqual({ title: 'T', messageId: id, senderId: 'carol' });
  });
});

test('a slow connection loses what is kept nowhere, and gets the rest when it reads again', async () => {
  const { one, carry, settled, app } = await startConversation({ behindBytes: 300 });
  const outlet = new FakeOutlet(300);
  const bob = await one.connect('bob', { outlet });
  outlet.stall();
  const reasons: (string | undefined)[] = [];
  for (let index = 0; index < 6; index += 1) {
    const plan = await (await carry(textRequest('c1', 'alice'))).planned;
    reasons.push(plan?.users.find(({ userId }) => userId === 'bob')?.realtime[0]?.reason);
  }
  expect(reasons).toEqual(['sent', 'sent', ...Array<string>(4).fill('slow_consumer')]);
  await one.chatActions.broadcastTypingStatus(app, { conversationId: 'c1', userId: 'alice', isTyping: true }, byKey);
  expect(one.metrics.value('slow_consumers_total', ['behind'])).toBe(1);
  outlet.drain();
  await settled();
  expect(outlet.told('c:c1')).toEqual([1, 2, 3, 4, 5, 6]);
  expect(outlet.of('typing_status')).toEqual([]);
  await carry(textRequest('c1', 'alice'));
  expect(outlet.told('c:c1').at(-1)).toBe(7);
  expect(bob.closed).toBe(false);
});

describe('on a node with no connection of its members', () => {
  const readers = async (many: number) => {
    const { one, two, clock, carry, app, stores, ...rest } = await startConversation();
    const users = Array.from({ length: many }, (_, at) => ({ userId: `u${at}` }));
    await one.conversations.put(app, 'c2', { participants: [{ userId: 'alice' }, ...users] });
    const read = vi.spyOn(stores.conversations, 'participants');
    await two.connect('stranger');
    const send = async () => {
      await carry(textRequest('c2', 'alice'));
      await clock.advance(0);
    };
    return { ...rest, app, one, two, clock, read, send };
  };

  test('a message to a small conversation reads nothing', async () => {
    const { read, send } = await readers(4);
    await send();
    expect(read).not.toHaveBeenCalled();
  });

  test('a message to a large conversation, whose members are not in the message, has them read', async () => {
    const { read, send } = await readers(100);
    await send();
    expect(read).toHaveBeenCalledTimes(1);
  });

  test('a message reaches whoever came since the last one', async () => {
    const { two, clock, send } = await readers(4);
    await send();
    await clock.advance(1);
    const late = await two.connect('u1');
    await send();
    expect(late.outlet.told('c:c2')).toEqual([2]);
  });
});

test('messages that were stored together go to the other nodes in one message of the bus, in their order', async () => {
  const { one, two, clock, carry, busHub } = await startConversation();
  const bob = await two.connect('bob');
  await carry(textRequest('c1', 'alice'));
  await clock.advance(0);
  await Promise.all(Array.from({ length: 299 }, () => carry(textRequest('c1', 'alice'))));
  await clock.advance(0);
  expect(bob.outlet.told('c:c1')).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
  const sizes = busHub.published.flatMap(({ message }) =>
    message.type === 'deliveries' ? [message.deliveries.length] : [],
  );
  expect(sizes.length).toBeLessThan(10);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
  expect(one.metrics.value('bus_messages_total', ['out'])).toBe(sizes.length);
});
