// The commands of an open session through the router, over the stores in memory.

import { commands } from '@belfry/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createTestCommands, refused } from '../../test/support/commands.ts';
import { textRequest } from '../../test/support/messaging.ts';
import { page } from '../sessions/test/sessions.fixture.ts';

describe('ack', () => {
  async function withMessages() {
    const set = await createTestCommands();
    const session = await set.connected({ token: 'ok:bob', visible: false });
    for (let index = 0; index < 3; index += 1)
      await set.broadcasting.carry(set.app, textRequest('c1', 'alice'), { via: 'http-key' });
    const ack = (stream: string, seq: number, more: object = {}) =>
      set.run(session, 'ack', { cursors: [{ stream, seq }], ...more });
    const cursor = async () => {
      await set.acks.flush();
      return (await set.stores.cursors.ofUser(set.app, 'bob', ['c:c1'])).get('c:c1');
    };
    return { ...set, session, ack, cursor };
  }

  test('moves the cursor, and never back', async () => {
    const { ack, cursor } = await withMessages();
    expect(await ack('c:c1', 2)).toEqual({});
    expect(await cursor()).toMatchObject({ delivered: 2, seen: 0 });
    await ack('c:c1', 1);
    expect(await cursor()).toMatchObject({ delivered: 2 });
    await ack('c:c1', 3, { visible: true });
    expect(await cursor()).toMatchObject({ delivered: 3, seen: 3 });
  });

  test('above the head is refused, also where this node has delivered nothing of the stream', async () => {
    const { ack, cursor, messaging, app } = await withMessages();
    await expect(ack('c:c1', 4)).rejects.toMatchObject(refused('bad_ack', { path: ['cursors', 0, 'seq'] }));
    await expect(ack('i:bob', 1)).rejects.toMatchObject(refused('bad_ack'));
    expect(await cursor()).toMatchObject({ delivered: 0 });
    // A message that another node stored, of which this one has not heard.
    messaging.busHub.dropNext(1);
    await messaging.node('n2').broadcasting.carry(app, textRequest('c1', 'alice'), { via: 'http-key' });
    await ack('c:c1', 4);
    expect(await cursor()).toMatchObject({ delivered: 4 });
  });

  test('of a stream that is not the user’s, or is none, is not found', async () => {
    const { ack } = await withMessages();
    for (const stream of ['i:alice', 'c:none'])
      await expect(ack(stream, 0)).rejects.toMatchObject(refused('not_found', { path: ['cursors', 0, 'stream'] }));
    await expect(ack('x:1', 0)).rejects.toMatchObject(refused('bad_request'));
  });

  test('as nearly all are is carried out at once, and counted', async () => {
    const { router, session, cursor, metrics } = await withMessages();
    const counted = vi.spyOn(metrics, 'count');
    expect(
      router.runNow(session, { action: 'ack', data: { cursors: [{ stream: 'c:c1', seq: 2 }], visible: true } }),
    ).toBe(true);
    expect(await cursor()).toMatchObject({ delivered: 2, seen: 2 });
    expect(counted.mock.calls).toContainEqual(['commands_at_once_total']);
    expect(counted.mock.calls).toContainEqual(['commands_total', ['ack', 'ok']]);
  });

  test.each([
    ['wants an answer', { id: 1 }, {}],
    ['is not an acknowledgement', { action: 'read' }, {}],
    ['names a stream of somebody else', {}, { cursors: [{ stream: 'i:alice', seq: 0 }] }],
    ['names a conversation that is not known here', {}, { cursors: [{ stream: 'c:none', seq: 0 }] }],
    ['is above what was told', {}, { cursors: [{ stream: 'c:c1', seq: 4 }] }],
    ['is no position', {}, { cursors: [{ stream: 'c:c1', seq: -1 }] }],
    ['has a cursor that is none', {}, { cursors: [{ stream: 'c:c1', seq: 1 }, null] }],
    ['has no list', {}, { cursors: { stream: 'c:c1', seq: 1 } }],
    ['is too long', {}, { cursors: Array.from({ length: 17 }, () => ({ stream: 'c:c1', seq: 1 })) }],
    ["says of visibility what can't be", {}, { visible: 'yes' }],
    ["says of attention what can't be", {}, { attended: 1 }],
    ["says of its round trip what can't be", {}, { rttMs: -1 }],
    ["says of its policy what can't be", {}, { policyVersion: '3' }],
  ])('that %s has no effect at once', async (_what, frame, data) => {
    const { router, session, cursor } = await withMessages();
    const sound = { cursors: [{ stream: 'c:c1', seq: 2 }], visible: true };
    expect(router.runNow(session, { action: 'ack', ...frame, data: { ...sound, ...data } })).toBe(false);
    expect(await cursor()).toMatchObject({ delivered: 0 });
    expect(session.visible).toBe(false);
  });

  test('takes the time of the first delivery', async () => {
    const { ack, metrics, clock } = await withMessages();
    const observed = vi.spyOn(metrics, 'observe');
    await clock.advance(250);
    await ack('c:c1', 3);
    await ack('c:c1', 3);
    expect(observed.mock.calls).toEqual([['delivery_seconds', [], 0.25]]);
  });
});

describe('topics', () => {
  test('are for pages that allow them, or tokens that name them', async () => {
    const { connected, run, registry, app } = await createTestCommands();
    const [onPage, byToken] = [
      await connected({ page: '/news' }),
      await connected({ token: 'ok:alice:vip', page: '/bare' }),
    ];
    expect(await run(onPage, 'subscribe', { topic: 'any' })).toEqual({ topic: 'any' });
    expect(await run(byToken, 'subscribe', { topic: 'vip' })).toEqual({ topic: 'vip' });
    await expect(run(byToken, 'subscribe', { topic: 'any' })).rejects.toMatchObject(
      refused('forbidden', { path: ['topic'] }),
    );
    expect([...(registry.ofTopic(app, 'any') ?? [])]).toEqual([onPage]);
    await run(onPage, 'unsubscribe', { topic: 'any' });
    expect(registry.ofTopic(app, 'any')).toBeUndefined();
  });

  test.each([
    ['ward-3', 'ok'],
    ['ward-', 'ok'],
    ['all', 'ok'],
    ['all-of-it', 'forbidden'],
    ['ward', 'forbidden'],
    ['my-ward-3', 'forbidden'],
    ['stats', 'forbidden'],
  ])('of the page’s patterns: %s is %s', async (topic, outcome) => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ token: 'ok:alice', page: '/wards' });
    const answer = run(session, 'subscribe', { topic });
    if (outcome === 'ok') await expect(answer).resolves.toEqual({ topic });
    else await expect(answer).rejects.toMatchObject(refused(outcome));
  });

  test('the figures of the app are for pages that show them, whatever a token or a pattern names', async () => {
    const { connected, run, change } = await createTestCommands();
    const session = await connected({ token: 'ok:alice:stats', page: '/news' });
    await expect(run(session, 'subscribe', { topic: 'stats' })).rejects.toMatchObject(refused('forbidden'));
    change(page('/figures', ['real_time_stats']));
    const onFigures = await connected({ token: 'ok:alice', page: '/figures' });
    await expect(run(onFigures, 'subscribe', { topic: 'stats' })).resolves.toEqual({ topic: 'stats' });
    await expect(run(onFigures, 'subscribe', { topic: 'other' })).rejects.toMatchObject(refused('forbidden'));
  });

  test('are at most a hundred for one connection', async () => {
    const { connected, run } = await createTestCommands();
    const session = await connected({ page: '/news' });
    for (let index = 0; index < 100; index += 1) await run(session, 'subscribe', { topic: `t${index}` });
    await expect(run(session, 'subscribe', { topic: 'more' })).rejects.toMatchObject(refused('too_many'));
    await expect(run(session, 'subscribe', { topic: 't0' })).resolves.toEqual({ topic: 't0' });
  });
});

describe('messages', () => {
  test('are sent, changed, read, typed and listed', async () => {
    const { connected, run, clock } = await createTestCommands();
    const [alice, bob] = [await connected({ token: 'ok:alice' }), await connected({ token: 'ok:bob' })];
    const draft = { conversationId: 'c1', cid: 'a-1', type: 'text', content: { text: 'hello' } };
    const sent = await run(alice, 'message', draft);
    expect(commands.message.answer.parse(sent)).toMatchObject({ seq: 1, duplicate: false });
    expect(await run(alice, 'message', draft)).toEqual({ ...sent, duplicate: true });
    const { messageId } = commands.message.answer.parse(sent);
    expect(await run(alice, 'edit_message', { messageId, content: { text: 'better' } })).toEqual({
      ...{ messageId, seq: 1 },
      editedAt: new Date(clock.now()).toISOString(),
    });
    await expect(run(bob, 'edit_message', { messageId, content: { text: 'mine' } })).rejects.toMatchObject(
      refused('not_found'),
    );
    await expect(run(alice, 'edit_message', { messageId, content: {} })).rejects.toMatchObject(
      refused('invalid_content', { path: ['content', 'text'] }),
    );
    expect(await run(bob, 'read', { conversationId: 'c1', seq: 1 })).toEqual({ seq: 1 });
    expect(await run(bob, 'typing', { conversationId: 'c1', isTyping: true })).toEqual({});
    const history = commands.history.answer.parse(await run(bob, 'history', { conversationId: 'c1' }));
    expect(history).toMatchObject({ messages: [{ seq: 1, content: { text: 'better' } }], hasMore: false });
    const list = commands.conversations.answer.parse(await run(bob, 'conversations'));
    expect(list).toMatchObject({ conversations: [{ id: 'c1', unreadCount: 0, cursors: { read: 1 } }] });
    expect(await run(alice, 'delete_message', { messageId })).toEqual({
      ...{ messageId, seq: 1 },
      deletedAt: new Date(clock.now()).toISOString(),
    });
    expect(bob.outlet.actions()).toEqual(['new_message', 'message_edited', 'message_deleted']);
  });

  test('let the connection’s next command begin when their place is certain', async () => {
    const { connected, router } = await createTestCommands();
    const session = await connected({ token: 'ok:alice' });
    const data = { conversationId: 'c1', cid: 'a-1', type: 'text', content: { text: 'hello' } };
    const happened: string[] = [];
    const control = { accepted: () => void happened.push('accepted') };
    await router.run(session, { action: 'message', data }, control).then(() => happened.push('answered'));
    expect(happened).toEqual(['accepted', 'answered']);
  });

  test('are listed page by page', async () => {
    const { connected, run, conversations, app } = await createTestCommands();
    for (const id of ['c2', 'c3']) await conversations.put(app, id, { participants: [{ userId: 'bob' }] });
    const bob = await connected({ token: 'ok:bob' });
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await run(bob, 'conversations', { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      const list = commands.conversations.answer.parse(answer);
      ids.push(...list.conversations.map(({ id }) => id));
      cursor = list.nextCursor;
    } while (cursor !== undefined);
    expect(ids.sort()).toEqual(['c1', 'c2', 'c3']);
  });
});

test('heartbeat says the time, and takes whether somebody looks', async () => {
  const { connected, run, clock } = await createTestCommands();
  const session = await connected({ token: 'ok:alice' });
  expect(await run(session, 'heartbeat', { visible: false })).toEqual({
    serverTime: new Date(clock.now()).toISOString(),
  });
  expect(session.visible).toBe(false);
  await run(session, 'heartbeat', {});
  expect(session.visible).toBe(false);
});

test.each([
  ['left out, is as visible', [{ visible: true }], true],
  ['left out, is as visible again after it was said', [{ visible: true, attended: false }, { visible: true }], true],
  ['stays as it was said where nothing is said', [{ attended: false }, {}], false],
  ['is not without being visible', [{ visible: false, attended: true }], false],
  ['ends when it is said to end', [{ visible: true, attended: true }, { attended: false }], false],
])('attention, %s', async (_what, said, attended) => {
  const { connected, run, sessions, app } = await createTestCommands();
  const session = await connected({ token: 'ok:alice' });
  for (const each of said) await run(session, 'heartbeat', each);
  expect(session.attended).toBe(attended);
  expect(await sessions.info(app, 'alice')).toMatchObject([{ attended }]);
});

test('a heartbeat takes how long the last one took, and which policy is in effect', async () => {
  const { connected, run, sessions, metrics, app } = await createTestCommands();
  const observed = vi.spyOn(metrics, 'observe');
  const session = await connected({ token: 'ok:alice', policyVersion: 2 });
  expect(await sessions.info(app, 'alice')).toMatchObject([{ policyVersion: 2 }]);
  await run(session, 'heartbeat', { rttMs: 80, policyVersion: 3 });
  expect(await sessions.info(app, 'alice')).toMatchObject([{ policyVersion: 3 }]);
  expect(observed.mock.calls).toContainEqual(['client_round_trip_seconds', [], 0.08]);
});

test('presence says who is online, of not too many', async () => {
  const { connected, run } = await createTestCommands();
  const session = await connected({ token: 'ok:alice' });
  const answer = commands.presence.answer.parse(
    await run(session, 'presence', { userIds: ['bob', 'alice'], watch: true }),
  );
  expect(answer.states.map(({ userId, online }) => [userId, online])).toEqual([
    ['bob', false],
    ['alice', true],
  ]);
  await expect(run(session, 'presence', { userIds: ['a', 'b', 'c'] })).rejects.toMatchObject(
    refused('too_many', { path: ['userIds'] }),
  );
});

test('register_device registers for the connection’s own user', async () => {
  const { connected, run } = await createTestCommands();
  const session = await connected({ token: 'ok:alice' });
  const draft = { provider: 'hook', target: { id: '1' }, deviceType: 'mobile', userId: 'bob' };
  expect(await run(session, 'register_device', draft)).toEqual({ deviceId: 'alice hook', renewal: 'renew alice' });
});

test('sync begins to send only after its answer, however fast the log is', async () => {
  const { connected, reply, broadcasting, app, ...rest } = await createTestCommands();
  const session = await connected({ token: 'ok:bob' });
  await broadcasting.carry(app, textRequest('c1', 'alice'), { via: 'http-key' });
  session.outlet.clear();
  const { answer, after } = await reply(session, 'sync', { streams: [{ stream: 'c:c1', epoch: 'e1', seq: 0 }] });
  expect(answer).toEqual({ resumed: [{ stream: 'c:c1', epoch: 'e1', from: 1, to: 1 }] });
  await rest.settled();
  expect(session.outlet.events).toEqual([]);
  after?.();
  await rest.settled();
  expect(session.outlet.told('c:c1')).toEqual([1]);
});
