// The results of broadcasts, what they leave behind and what they survive. Whom they reach is
// fan-out.test.ts.

import { broadcastResultSchema, type BroadcastRequest } from '@belfry/protocol';
import { describe, expect, test, vi } from 'vitest';
import { byKey, startConversation } from '../../test/support/conversation.ts';
import { chatFeatures, textRequest } from '../../test/support/messaging.ts';

describe('a result', () => {
  const maintenance = { title: 'Maintenance', body: '23:00-01:00', type: 'maintenance' };

  test('counts as the transcripts say', async () => {
    const { one, app, addDevice } = await startConversation();
    await one.connect('bob', { features: chatFeatures });
    await addDevice('bob');
    const request = { kind: 'system_notification', audience: { users: ['bob', 'dave'] }, data: maintenance };
    const explained = await one.broadcasting.explain(app, request, byKey);
    const result = await one.broadcasting.broadcast(app, { ...request, idempotencyKey: 'm-1' }, byKey);
    const decisions = { sent: 1, no_connection: 1, waiting_for_ack: 1, no_device: 1 };
    expect(result).toEqual({ id: expect.any(String), duplicate: false, recipients: 2, connections: 1, decisions });
    expect(explained.counts).toEqual(decisions);
    expect(explained.recipients).toEqual([
      {
        userId: 'bob',
        realtime: [
          {
            ...{ connectionId: expect.any(String), deviceType: 'desktop', page: '/chat', reason: 'sent' },
            ...{ pagePattern: '/chat', pageVersion: 1, visible: true, attended: true },
          },
        ],
        push: [
          {
            deviceId: expect.any(String),
            provider: 'hook',
            deviceType: 'mobile',
            reason: 'waiting_for_ack',
            afterMs: 5000,
          },
        ],
      },
      { userId: 'dave', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
    ]);
    broadcastResultSchema.parse(result);
  });

  test('is of a message that owes a push only where somebody it is for has a device', async () => {
    const { one, app, stores, addDevice, carry } = await startConversation();
    const owed = async (): Promise<number[]> =>
      (await stores.outbox.take({ nowMs: Number.MAX_SAFE_INTEGER, limit: 10, leaseMs: 0 })).map(
        ({ message }) => message.seq,
      );
    await carry(textRequest('c1', 'alice'));
    expect(await owed()).toEqual([]);
    await addDevice('alice');
    await carry(textRequest('c1', 'alice'));
    expect(await owed()).toEqual([]);
    await addDevice('bob');
    await carry(textRequest('c1', 'alice'));
    expect(await owed()).toEqual([3]);
    await one.broadcasting.broadcast(
      app,
      { kind: 'system_notification', audience: { users: ['dave'] }, data: maintenance },
      byKey,
    );
    expect(await owed()).toEqual([3]);
  });

  test('names stream and seq when it went to one log', async () => {
    const { one, app } = await startConversation();
    const of = (audience: BroadcastRequest['audience']) =>
      one.broadcasting.broadcast(app, { kind: 'system_notification', audience, data: maintenance }, byKey);
    expect(await of({ users: ['bob'] })).toMatchObject({ stream: 'i:bob', seq: 1 });
    expect(await of({ conversation: 'c1' })).toMatchObject({ stream: 'c:c1', seq: 1 });
    expect(await of({ users: ['bob', 'dave'] })).not.toHaveProperty('seq');
  });

  test('shows targets who are not in the conversation, and the sender’s other connections', async () => {
    const { one, two, carry } = await startConversation();
    await Promise.all([one.connect('alice'), two.connect('alice'), two.connect('bob')]);
    const plan = await (
      await carry({ ...textRequest('c1', 'alice'), targetUserIds: ['alice', 'bob', 'dave'] })
    ).planned;
    expect(plan?.recipientCount).toBe(1);
    expect(
      plan?.users.map(({ userId, sender, reason, realtime }) => [userId, sender, reason, realtime.length]),
    ).toEqual([
      ['bob', undefined, undefined, 1],
      ['alice', true, undefined, 2],
      ['dave', undefined, 'not_a_member', 0],
    ]);
  });

  test('shows the connections of a sender whom the targets leave out, who is no recipient', async () => {
    const { one, two, carry } = await startConversation();
    await Promise.all([one.connect('alice'), two.connect('alice')]);
    const plan = await (await carry({ ...textRequest('c1', 'alice'), targetUserIds: ['bob'] })).planned;
    expect(plan?.recipientCount).toBe(1);
    expect(plan?.users.map(({ userId, sender, realtime }) => [userId, sender, realtime.length])).toEqual([
      ['bob', undefined, 0],
      ['alice', true, 2],
    ]);
  });

  test('does not count connections of a sender who is not in the conversation', async () => {
    const notice = (sender: string): BroadcastRequest => ({
      ...{ kind: 'system_notification', audience: { conversation: 'c1' }, sender, data: { title: 't' } },
    });
    const { one, two, carry } = await startConversation();
    await Promise.all([one.connect('dave'), two.connect('dave')]);
    const plan = await (await carry(notice('dave'))).planned;
    expect(plan?.counts).toEqual({ no_connection: 3, no_device: 3 });
  });
});

test('an announcement says how many connections it reached on all nodes', async () => {
  const { one, two, app } = await startConversation();
  await one.connect('alice', { features: ['notifications'] });
  await Promise.all([1, 2].map(() => two.connect('bob', { features: ['notifications'] })));
  await two.connect('carol', { features: [] });
  const request = { kind: 'announcement', audience: { everyone: true }, data: { title: 'T' } } as const;
  expect(await one.broadcasting.broadcast(app, request, byKey)).toMatchObject({ connections: 3 });
});

test.each(['message', 'consultation_reply', 'typing'])(
  'a %s needs a sender who is in the conversation',
  async (kind) => {
    const { carry } = await startConversation();
    const data = kind === 'typing' ? { isTyping: true } : textRequest('c1', 'dave').data;
    const request = { kind, audience: { conversation: 'c1' }, sender: 'dave', data };
    await expect(carry(request)).rejects.toMatchObject({ code: 'invalid_body', path: ['sender'] });
  },
);

test('explain sees that a connection is behind in the stream that the broadcast would go to', async () => {
  const { one, app, stores, clock } = await startConversation({ behindBytes: 300 });
  const { outlet } = await one.connect('bob');
  const notify = (audience: BroadcastRequest['audience']) => ({
    ...{ kind: 'system_notification', audience, data: { title: 'x'.repeat(100) } },
  });
  outlet.stall();
  for (let time = 0; time < 3; time += 1) await one.broadcasting.broadcast(app, notify({ users: ['bob'] }), byKey);
  // It reads again, but what it missed cannot be read.
  stores.fail('messages.read');
  outlet.drain();
  await clock.advance(0);
  const reasons = async (audience: BroadcastRequest['audience']) => {
    const { recipients } = await one.broadcasting.explain(app, notify(audience), byKey);
    const { decisions } = await one.broadcasting.broadcast(app, notify(audience), byKey);
    const explained = recipients.flatMap(({ realtime }) => realtime.map(({ reason }) => reason));
    return [...explained, decisions.sent ?? 0, decisions.slow_consumer ?? 0];
  };
  expect(await reasons({ users: ['bob'] })).toEqual(['slow_consumer', 0, 1]);
  expect(await reasons({ users: ['bob', 'carol'] })).toEqual(['slow_consumer', 0, 1]);
  expect(await reasons({ conversation: 'c1' })).toEqual(['sent', 1, 0]);
});

describe('inboxes', () => {
  const notify = (audience: BroadcastRequest['audience'], change: object = {}): BroadcastRequest => ({
    ...{ kind: 'mobile_notification', audience, data: { title: 'T' } },
    ...change,
  });

  test('of everybody in a conversation get what is for mobile devices only, by one message on the bus', async () => {
    const { one, two, clock, app, addDevice, stores } = await startConversation();
    const phone = await two.connect('bob', { deviceType: 'mobile' });
    const desk = await one.connect('bob');
    await Promise.all(['alice', 'bob', 'carol'].map((userId) => addDevice(userId)));
    const published = vi.spyOn(one.bus.events, 'publish');
    const result = await one.broadcasting.broadcast(app, notify({ conversation: 'c1' }), byKey);
    await clock.advance(0);
    expect(published).toHaveBeenCalledTimes(1);
    expect(phone.outlet.events).toMatchObject([{ action: 'mobile_notification', stream: 'i:bob', seq: 1 }]);
    expect(desk.outlet.events).toEqual([]);
    expect(result).toMatchObject({
      recipients: 3,
      decisions: { sent: 1, device_type_excluded: 1, no_connection: 2, waiting_for_ack: 1, queued: 2 },
    });
    const heads = await stores.messages.heads(app, ['i:alice', 'i:bob', 'i:carol', 'c:c1']);
    expect([...heads.values()].map(({ seq }) => seq)).toEqual([1, 1, 1, 0]);
    expect(one.pushes.map(({ message, recipients }) => [message.stream, message.id, recipients])).toEqual([
      ['i:alice', result.id, [{ userId: 'alice', when: 'now' }]],
      ['i:bob', result.id, [{ userId: 'bob', when: 'wait' }]],
      ['i:carol', result.id, [{ userId: 'carol', when: 'now' }]],
    ]);
    expect(
      one.facts.of('message.sent')[0]?.recipients?.map(({ userId, stream, seq }) => [userId, stream, seq]),
    ).toEqual([
      ['alice', 'i:alice', 1],
      ['bob', 'i:bob', 1],
      ['carol', 'i:carol', 1],
    ]);
  });

  test('of which one cannot be written: the others have it and it is delivered, and the caller may try again under the key', async () => {
    const { one, two, clock, app, stores } = await startConversation();
    const [near, far] = [await one.connect('bob'), await two.connect('alice', { deviceType: 'mobile' })];
    const phone = await one.connect('bob', { deviceType: 'mobile' });
    const { appendMany } = stores.messages;
    stores.messages.appendMany = async (of, groups) => {
      const written = groups.filter(([message]) => message?.stream !== 'i:carol');
      await appendMany(of, written);
      throw new Error('disk');
    };
    const request = notify({ conversation: 'c1' }, { idempotencyKey: 'k' });
    await expect(one.broadcasting.broadcast(app, request, byKey)).rejects.toMatchObject({ code: 'unavailable' });
    stores.messages.appendMany = appendMany;
    await clock.advance(30_001);
    const result = await one.broadcasting.broadcast(app, request, byKey);
    await clock.advance(0);
    expect([phone, far].map(({ outlet }) => outlet.events.length)).toEqual([1, 1]);
    expect(near.outlet.events).toEqual([]);
    expect(result).toMatchObject({ recipients: 3, decisions: { sent: 2, device_type_excluded: 1, no_connection: 1 } });
    for (const stream of ['i:alice', 'i:bob', 'i:carol']) {
      expect((await stores.messages.read(app, stream, { limit: 5 })).map(({ id }) => id)).toEqual([result.id]);
    }
  });
});

describe('an idempotency key', () => {
  const request = { kind: 'direct', audience: { users: ['bob'] }, data: { title: 'T', a: 1 }, idempotencyKey: 'k' };

  test('is answered as the first time when it comes again', async () => {
    const { one, two, app } = await startConversation();
    const bob = await one.connect('bob');
    const first = await one.broadcasting.broadcast(app, request, byKey);
    const again = await two.broadcasting.broadcast(app, { ...request, data: { a: 1, title: 'T' } }, byKey);
    expect(again).toEqual({ ...first, duplicate: true });
    expect(bob.outlet.events).toHaveLength(1);
    const other = { ...request, data: { title: 'U' } };
    await expect(one.broadcasting.broadcast(app, other, byKey)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });

  test('of which the first is being worked on is refused', async () => {
    const { one, two, app } = await startConversation();
    const [first, second] = await Promise.allSettled(
      [one, two].map(({ broadcasting }) => broadcasting.broadcast(app, request, byKey)),
    );
    expect(first?.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
  });

  test('of a request that was refused is free again', async () => {
    const { one, app } = await startConversation();
    const wrong = { ...request, data: { title: 7 } };
    await expect(one.broadcasting.broadcast(app, wrong, byKey)).rejects.toMatchObject({ code: 'invalid_content' });
    await expect(one.broadcasting.broadcast(app, request, byKey)).resolves.toMatchObject({ duplicate: false });
  });

  test('of a broadcast that was cut off is done again under the same id, and finds what stands', async () => {
    const { one, app, stores, clock, addDevice } = await startConversation();
    await addDevice('bob');
    const bob = await one.connect('bob');
    const append = vi.spyOn(stores.messages, 'append');
    stores.fail('idempotency.finish');
    const first = await one.broadcasting.broadcast(app, request, byKey);
    stores.fail(undefined);
    await clock.advance(30_001);
    const again = await one.broadcasting.broadcast(app, request, byKey);
    expect(again).toEqual({ ...first, duplicate: true });
    expect(append).toHaveBeenCalledTimes(2);
    expect(bob.outlet.told('i:bob')).toEqual([1]);
    expect(one.pushes).toHaveLength(2);
    expect(one.pushes[1]).toEqual(one.pushes[0]);
    expect(await one.broadcasting.broadcast(app, request, byKey)).toEqual(again);
  });

  test('costs the caller nothing when its end could not be stored', async () => {
    const { one, app, stores } = await startConversation();
    stores.fail('idempotency.finish');
    await expect(one.broadcasting.broadcast(app, request, byKey)).resolves.toMatchObject({ recipients: 1 });
  });
});

describe('a failure', () => {
  test('before it is stored is the caller’s to hear, and nothing was done', async () => {
    const { one, stores, carry } = await startConversation();
    const bob = await one.connect('bob');
    stores.fail('messages.append');
    await expect(carry(textRequest('c1', 'alice'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(bob.outlet.events).toEqual([]);
    expect([one.pushes, one.facts.of('message.stored', 'message.sent')]).toEqual([[], []]);
    expect(one.metrics.value('broadcasts_failed_total', ['unavailable'])).toBe(1);
    expect(one.logger.of('error')).toEqual(['broadcast failed']);
  });

  test('after it was stored is logged, and the message stands', async () => {
    const { one, presenceHub, carry, app } = await startConversation();
    const bob = await one.connect('bob');
    presenceHub.down();
    const carried = await carry(textRequest('c1', 'alice'));
    expect(await carried.planned).toBeUndefined();
    expect(one.logger.of('error')).toEqual(['broadcast not finished']);
    expect(bob.outlet.told('c:c1')).toEqual([1]);
    expect((await one.messages.history(app, 'c1', { limit: 1 })).messages).toHaveLength(1);
    await one.broadcasting.settled();
  });

  test('of the request is no error of ours', async () => {
    const { one, carry } = await startConversation();
    await expect(carry({ ...textRequest('c1', 'alice'), kind: 'nope' })).rejects.toMatchObject({
      code: 'unknown_kind',
    });
    expect(one.logger.of('error')).toEqual([]);
  });
});
