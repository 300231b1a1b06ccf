// Whether `explain` says what `broadcast` then does: to connections, to push, to the journey.

import type { BroadcastRequest, DeviceType } from '@belfry/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeOutlet } from '../../test/support/fake-outlet.ts';
import { createTestHeart, type TestSession } from '../../test/support/heart.ts';

const people = ['alice', 'bob', 'carol', 'dave', 'erin'] as const;
const personArbitrary = fc.constantFrom(...people);
const deviceTypeArbitrary = fc.constantFrom<DeviceType>('mobile', 'desktop', 'tablet');
const deviceTypesArbitrary = fc.uniqueArray(deviceTypeArbitrary, { minLength: 1, maxLength: 3 });

const stateArbitrary = fc.record({
  members: fc.uniqueArray(personArbitrary, { minLength: 1 }),
  connections: fc.array(
    fc.record({
      userId: personArbitrary,
      node: fc.nat(1),
      deviceType: deviceTypeArbitrary,
      connectionType: fc.constantFrom('chat', 'admin'),
      features: fc.subarray(['messaging', 'typing_indicator', 'read_receipts', 'notifications', 'labs']),
      isSlow: fc.boolean(),
      topic: fc.boolean(),
    }),
    { maxLength: 8 },
  ),
  devices: fc.array(
    fc.record({ userId: personArbitrary, deviceType: deviceTypeArbitrary, provider: fc.constantFrom('hook', 'gone') }),
    { maxLength: 8 },
  ),
});

const filters = {
  deviceTypes: deviceTypesArbitrary,
  connectionTypes: fc.uniqueArray(fc.constantFrom('chat', 'admin'), { minLength: 1 }),
};
const optional = { requiredKeys: [] as never[] };
const audienceOf = {
  conversation: fc.record(filters, optional).map((rest) => ({ conversation: 'c1', ...rest })),
  users: fc
    .tuple(fc.array(personArbitrary, { minLength: 1, maxLength: 6 }), fc.record(filters, optional))
    .map(([users, rest]) => ({ users, ...rest })),
  topic: fc.record(filters, optional).map((rest) => ({ topic: 'news', ...rest })),
  everyone: fc.record(filters, optional).map((rest) => ({ everyone: true as const, ...rest })),
};
const addressed = fc.record(
  {
    targetUserIds: fc.uniqueArray(personArbitrary, { minLength: 1 }),
    exclude: fc.uniqueArray(personArbitrary),
    sender: personArbitrary,
  },
  optional,
);
const left = fc.record({ exclude: fc.uniqueArray(personArbitrary) }, optional);
const policyArbitrary = fc.record({
  realtime: fc.oneof(fc.constantFrom('all' as const, 'none' as const), deviceTypesArbitrary),
  push: fc.constantFrom('never' as const, 'undelivered' as const, 'always' as const),
  pushTo: fc.oneof(fc.constant('all' as const), deviceTypesArbitrary),
  waitMs: fc.constantFrom(0, 100),
  ttlSeconds: fc.constant(60),
  priority: fc.constant('normal' as const),
  respectPreferences: fc.boolean(),
});

const requestArbitrary: fc.Arbitrary<BroadcastRequest> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom('message', 'consultation_reply'),
      audience: audienceOf.conversation,
      more: addressed,
      sender: personArbitrary,
    })
    .map(({ kind, audience, more, sender }) => ({
      ...{ kind, audience, ...more, sender },
      data: { type: 'text', content: { text: 'hello' } },
    })),
  fc
    .record({
      kind: fc.constantFrom('system_notification', 'mobile_notification', 'lab', 'ping'),
      audience: fc.oneof(audienceOf.conversation, audienceOf.users),
      more: addressed,
    })
    .map(({ kind, audience, more }) => ({ kind, audience, ...more, data: { title: 'T' } })),
  fc
    .record({ audience: fc.oneof(audienceOf.topic, audienceOf.everyone), more: left })
    .map(({ audience, more }) => ({ kind: 'announcement', audience, ...more, data: { title: 'T' } })),
  fc
    .record({ policy: policyArbitrary, audience: fc.oneof(audienceOf.conversation, audienceOf.users), more: addressed })
    .map(({ policy, audience, more }) => ({ action: 'tick', policy, audience, ...more, data: {} })),
  fc
    .record({ sender: personArbitrary, audience: audienceOf.conversation })
    .map(({ sender, audience }) => ({ kind: 'typing', audience, sender, data: { isTyping: true } })),
);

test('what explain says is what connections get and what push and journey are told', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(stateArbitrary, requestArbitrary, async (state, request) => {
      const behindBytes = 400;
      const heart = createTestHeart({ behindBytes });
      const { app } = heart;
      const nodes = [heart.node('n1'), heart.node('n2')] as const;
      const [one] = nodes;
      await one.conversations.put(app, 'c1', { participants: state.members.map((userId) => ({ userId })) });
      const lab = {
        kind: 'lab',
        action: 'lab',
        audience: 'users' as const,
        durable: 'inbox' as const,
        feature: 'labs',
      };
      await one.kinds.put(app, { ...lab, policy: {} });
      await one.kinds.put(app, { kind: 'ping', action: 'ping', audience: 'users', durable: false, policy: {} });
      for (const { userId, deviceType, provider } of state.devices) await heart.addDevice(userId, deviceType, provider);
      const sessions: TestSession[] = [];
      for (const { userId, node, isSlow, topic, ...rest } of state.connections) {
        const outlet = new FakeOutlet(behindBytes);
        // Only this node can know that a connection of another is slow.
        const session = await (nodes[node] ?? one).connect(userId, { ...rest, outlet });
        if (isSlow && node === 0) outlet.stall();
        if (topic && node === 0) one.registry.subscribe(session, 'news');
        sessions.push(session);
      }
      // Some fall behind, in conversation and inboxes.
      for (const audience of [{ conversation: 'c1' }, { users: [...people] }])
        for (let index = 0; index < 3; index += 1)
          await one.broadcasting.broadcast(
            app,
            { kind: 'system_notification', audience, data: { title: 'before '.repeat(8) } },
            { via: 'http-key' },
          );
      await heart.settled();
      const before = new Map(sessions.map(({ id, outlet }) => [id, outlet.events.length]));
      one.pushes.length = 0;
      one.journeys.length = 0;

      const origin = { via: 'http-key' as const };
      const explained = await one.broadcasting.explain(app, request, origin);
      expect(sessions.map(({ outlet }) => outlet.events.length)).toEqual([...before.values()]);
      expect([one.pushes, one.journeys]).toEqual([[], []]);

      const result = await one.broadcasting.broadcast(app, request, origin);
      await heart.settled();
      await heart.clock.advance(0);

      expect(result.decisions).toEqual(explained.counts);
      const told = one.journeys[0]?.recipients?.map(({ userId, realtime, reason, push, pushReason }) => ({
        ...{ userId, realtime, push },
        ...(reason === undefined ? {} : { reason }),
        ...(pushReason === undefined ? {} : { pushReason }),
      }));
      expect(told).toEqual(explained.recipients);

      const said = new Map(
        explained.recipients.flatMap(({ realtime }) =>
          realtime.map(({ connectionId, reason }) => [connectionId, reason]),
        ),
      );
      for (const session of sessions) {
        const events = session.outlet.events.slice(before.get(session.id));
        const got = events.filter(({ action }) => action !== 'skipped').length;
        expect(got, `${session.userId} ${session.id}`).toBe(said.get(session.id) === 'sent' ? 1 : 0);
      }

      const owed = explained.recipients
        .filter(({ push }) => push.some(({ reason }) => reason === 'queued' || reason === 'waiting_for_ack'))
        .map(({ userId, push }) => ({
          userId,
          when: push.some(({ reason }) => reason === 'waiting_for_ack') ? ('wait' as const) : ('now' as const),
        }));
      const scheduled = one.pushes.flatMap(({ recipients }) => recipients);
      const byUser = (a: { userId: string }, b: { userId: string }) => (a.userId < b.userId ? -1 : 1);
      expect([...scheduled].sort(byUser)).toEqual([...owed].sort(byUser));
      heart.stop();
    }),
    { numRuns: 100 },
  );
});
