import type { StoredMessage } from '../ports/stores/index.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { ack, acked, app, at, caughtUp, id, plan, push, setUp, t0 } from './test/journey.fixture.ts';

describe('a journey', () => {
  let world: ReturnType<typeof setUp>;
  beforeEach(() => {
    world = setUp();
    world.record(plan);
  });

  it('is there as soon as the message was planned', async () => {
    expect(await world.read()).toEqual({
      message: {
        id: id(1),
        kind: 'message',
        conversationId: 'c1',
        stream: 'c:c1',
        seq: 5,
        senderId: 'alice',
        acceptedAt: at(0),
        storedAt: at(2),
        resolvedAt: at(4),
        ...{ action: 'new_message', features: ['messaging'], policy: {}, recipients: 2 },
      },
      recipients: [
        {
          userId: 'bob',
          realtime: [{ connectionId: id(11), deviceType: 'desktop', page: '/chat', reason: 'sent', sentAt: at(3) }],
          push: [
            {
              deviceId: id(21),
              provider: 'hook',
              deviceType: 'mobile',
              reason: 'waiting_for_ack',
              steps: [{ at: at(2), reason: 'waiting_for_ack' }],
              attempts: [],
            },
          ],
        },
        { userId: 'dave', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
      ],
      counts: { sent: 1, waiting_for_ack: 1, no_connection: 1, no_device: 1 },
    });
  });

  it('shows an acknowledgement and the push that it cancelled', async () => {
    const { deviceId: _, ...ofUser } = push;
    world.record(acked(ack));
    world.record({ ...ofUser, reason: 'cancelled_acked' });
    const journey = await world.read();
    expect(journey.recipients[0]).toMatchObject({
      realtime: [{ reason: 'acked', sentAt: at(3), ackedAt: at(10) }],
      push: [
        {
          reason: 'cancelled_acked',
          steps: [
            { at: at(2), reason: 'waiting_for_ack' },
            { at: at(5000), reason: 'cancelled_acked' },
          ],
        },
      ],
    });
    expect(journey.counts).toEqual({ acked: 1, cancelled_acked: 1, no_connection: 1, no_device: 1 });
  });

  it('takes no notice of acknowledgements of other messages, streams and people', async () => {
    world.record(
      acked(
        { ...ack, from: 1, to: 4 },
        { ...ack, from: 6, to: 9 },
        { ...ack, stream: 'c:c2' },
        { ...ack, userId: 'mallory', connectionId: id(99), deviceType: 'mobile' },
      ),
    );
    expect((await world.read()).counts).toMatchObject({ sent: 1 });
  });

  it('lets a hidden acknowledgement become a seen one, and not the other way round', async () => {
    world.record(acked({ ...ack, visible: false }));
    expect((await world.read()).recipients[0]?.realtime[0]).toMatchObject({ reason: 'acked_hidden', ackedAt: at(10) });
    world.record(acked({ ...ack, atMs: t0 + 20 }));
    world.record(acked({ ...ack, visible: false, atMs: t0 + 30 }));
    expect((await world.read()).recipients[0]?.realtime[0]).toMatchObject({ reason: 'acked', ackedAt: at(20) });
  });

  it('does not call acknowledged what a connection was never sent', async () => {
    world.record({
      ...plan,
      messageId: id(2),
      recipients: [
        {
          userId: 'bob',
          push: [],
          realtime: [{ connectionId: id(11), deviceType: 'desktop', page: '/admin', reason: 'feature_off_on_page' }],
        },
      ],
    });
    world.record(acked(ack));
    expect((await world.read(id(2))).counts).toEqual({ feature_off_on_page: 1 });
  });

  describe('of a connection that was behind', () => {
    const behind: typeof plan = {
      ...plan,
      messageId: id(2),
      seq: 6,
      recipients: [
        {
          userId: 'bob',
          realtime: [{ connectionId: id(11), deviceType: 'desktop', page: '/chat', reason: 'slow_consumer' }],
          push: [],
        },
      ],
    };
    beforeEach(() => world.record(behind));

    it('shows that it was sent the message when it caught up, and then acknowledged it', async () => {
      expect((await world.read(id(2))).counts).toEqual({ slow_consumer: 1 });
      world.record(caughtUp);
      expect((await world.read(id(2))).recipients[0]?.realtime).toEqual([
        { connectionId: id(11), deviceType: 'desktop', page: '/chat', reason: 'sent', sentAt: at(50) },
      ]);
      world.record(acked({ ...ack, atMs: t0 + 60 }));
      expect((await world.read(id(2))).recipients[0]?.realtime).toMatchObject([
        { reason: 'acked', sentAt: at(50), ackedAt: at(60) },
      ]);
    });

    it('takes no notice of what it was sent of other messages, streams and people', async () => {
      world.record(
        { ...caughtUp, from: 1, to: 5 },
        { ...caughtUp, from: 7, to: 9 },
        { ...caughtUp, stream: 'c:c2' },
        { ...caughtUp, userId: 'mallory', connectionId: id(99) },
      );
      expect((await world.read(id(2))).counts).toEqual({ slow_consumer: 1 });
    });

    it('keeps what it was sent live, and an acknowledgement, when the log brings the same again', async () => {
      world.record(caughtUp, acked({ ...ack, atMs: t0 + 60 }), { ...caughtUp, atMs: t0 + 70 });
      expect((await world.read(id(2))).recipients[0]?.realtime).toMatchObject([
        { reason: 'acked', sentAt: at(50), ackedAt: at(60) },
      ]);
      expect((await world.read(id(1))).recipients[0]?.realtime).toMatchObject([{ reason: 'acked', sentAt: at(3) }]);
    });
  });

  it('shows a connection that came later and was sent the message from the log', async () => {
    world.record({ ...caughtUp, userId: 'dave', connectionId: id(12), deviceType: 'mobile' });
    const [, dave] = (await world.read()).recipients;
    expect(dave?.realtime).toEqual([
      { connectionId: id(12), deviceType: 'mobile', page: '/chat', reason: 'sent', sentAt: at(50) },
    ]);
    expect(dave?.reason).toBeUndefined();
  });

  it('shows a connection that came later and acknowledged what it resumed with', async () => {
    world.record(
      acked({ ...ack, userId: 'dave', connectionId: id(12), visible: false, deviceType: 'mobile', page: '/chat' }),
    );
    const [, dave] = (await world.read()).recipients;
    expect(dave).toEqual({
      userId: 'dave',
      realtime: [{ connectionId: id(12), deviceType: 'mobile', page: '/chat', reason: 'acked', ackedAt: at(10) }],
      push: [],
      pushReason: 'no_device',
    });
  });

  it('lists each attempt with the answer of the provider', async () => {
    world.record(
      push,
      {
        ...push,
        reason: 'retrying',
        atMs: t0 + 5100,
        attempt: { number: 1, ms: 80, outcome: 'retry', detail: '503' },
      },
      {
        ...push,
        reason: 'accepted_by_provider',
        atMs: t0 + 6100,
        attempt: { number: 2, ms: 40, outcome: 'accepted', providerMessageId: 'p-1' },
      },
    );
    const device = (await world.read()).recipients[0]?.push[0];
    expect(device?.reason).toBe('accepted_by_provider');
    expect(device?.steps.map(({ reason }) => reason)).toEqual([
      'waiting_for_ack',
      'queued',
      'retrying',
      'accepted_by_provider',
    ]);
    expect(device?.attempts).toEqual([
      { at: at(5100), outcome: 'retry', durationMs: 80, answer: '503' },
      { at: at(6100), outcome: 'accepted', durationMs: 40, providerMessageId: 'p-1' },
    ]);
  });

  it('shows what a service and a device said of a push in its order, however it came', async () => {
    const said = (reason: 'accepted_by_provider' | 'delivered' | 'opened' | 'delivery_failed', atMs: number) =>
      world.record({ ...push, reason, atMs: t0 + atMs });
    said('delivered', 5050);
    said('opened', 5060);
    said('accepted_by_provider', 5100);
    const device = (await world.read()).recipients[0]?.push[0];
    expect(device?.reason).toBe('opened');
    expect(device?.steps.map(({ reason }) => reason).toSorted()).toEqual([
      ...['accepted_by_provider', 'delivered', 'opened', 'waiting_for_ack'],
    ]);
    said('delivery_failed', 9000);
    expect((await world.read()).recipients[0]?.push[0]?.reason).toBe('delivery_failed');
  });

  it('keeps a push that was handed over when the message is read afterwards', async () => {
    world.record({ ...push, reason: 'accepted_by_provider' });
    world.record({ ...push, reason: 'cancelled_read', atMs: t0 + 9000 });
    expect((await world.read()).recipients[0]?.push[0]?.reason).toBe('accepted_by_provider');
  });

  it('shows the outcome for each message that one notification stands for', async () => {
    for (const n of [2, 3]) world.record({ ...plan, messageId: id(n), seq: 4 + n });
    world.record({ ...push, through: 7 });
    world.record({ ...push, through: 7, reason: 'accepted_by_provider', atMs: t0 + 5100 });
    world.record({
      ...push,
      messageId: id(3),
      seq: 7,
      reason: 'collapsed_into',
      collapsedInto: 7,
      atMs: t0 + 6000,
    });
    const devices = await Promise.all([1, 2, 3].map(async (n) => (await world.read(id(n))).recipients[0]?.push[0]));
    expect(devices.map((device) => [device?.reason, device?.seq])).toEqual([
      ['accepted_by_provider', undefined],
      ['collapsed_into', 7],
      ['accepted_by_provider', undefined],
    ]);
  });

  it('is the same when the store wrote a batch twice', async () => {
    world.record(acked(ack));
    world.record({ ...push, reason: 'retrying', attempt: { number: 1, ms: 8, outcome: 'retry' } });
    const once = await world.read();
    world.store.rows.push(...world.store.rows);
    expect(await world.read()).toEqual(once);
  });
});

describe('a journey of more recipients than are kept by name', () => {
  it('has the counts of the plan, and keeps them up to date', async () => {
    const { record, read } = setUp();
    const { recipients: _, ...large } = plan;
    record({
      ...large,
      recipients: undefined,
      recipientCount: 3000,
      counts: { sent: 2000, no_connection: 1000, waiting_for_ack: 2000, queued: 500, no_device: 500 },
    });
    record(
      acked(
        { ...ack, visible: false },
        { ...ack, connectionId: id(12), userId: 'carol' },
        { ...ack, connectionId: id(12), userId: 'carol', atMs: t0 + 99 },
      ),
    );
    record(
      { ...push, reason: 'accepted_by_provider' },
      { ...push, userId: 'carol', deviceId: id(22), reason: 'cancelled_acked' },
    );
    const { counts, recipients } = await read();
    expect(recipients).toEqual([]);
    expect(counts).toEqual({
      sent: 1998,
      acked: 1,
      acked_hidden: 1,
      no_connection: 1000,
      waiting_for_ack: 1999,
      queued: 499,
      accepted_by_provider: 1,
      cancelled_acked: 1,
      no_device: 500,
    });
  });
});

describe('a journey without a plan', () => {
  const stored: StoredMessage = {
    id: id(1),
    stream: 'i:bob',
    seq: 9,
    cid: 'x',
    bodyHash: '',
    kind: 'direct',
    action: 'direct_message',
    data: {},
    policy: {
      realtime: 'all',
      push: 'undelivered',
      pushTo: 'all',
      ttlSeconds: 1,
      priority: 'normal',
      respectPreferences: true,
    },
    storedAt: t0,
  };

  it('has what is known from the message and from what happened since', async () => {
    const { record, read } = setUp({ messages: [stored] });
    record(acked({ ...ack, stream: 'i:bob', from: 9, to: 9, deviceType: 'desktop', page: '/chat' }));
    const journey = await read();
    expect(journey.message).toEqual({
      id: id(1),
      kind: 'direct',
      stream: 'i:bob',
      seq: 9,
      acceptedAt: at(0),
      storedAt: at(0),
    });
    expect(journey.counts).toEqual({ acked: 1 });
  });

  it('is undefined without a message', async () => {
    expect(await setUp().reader.read(app, id(1))).toBeUndefined();
  });
});
