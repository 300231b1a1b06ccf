// Who is pushed what, and when: from a stored message to the provider's answer, over engines in memory.
import { describe, expect, it } from 'vitest';
import { app, createWorld, scriptedProvider, startProcess, stream } from './test/push.fixture.ts';
import type { World } from './test/push.fixture.ts';

const wait = [{ userId: 'bob', when: 'wait' as const }];
const now = [{ userId: 'bob', when: 'now' as const }];

const bodies = ({ sent }: World): string[] => sent.map(({ delivery }) => delivery.notification.body);

describe('a message to a user', () => {
  it('who is away is pushed at once, with the sender and the text', async () => {
    const world = createWorld();
    const device = await world.device({ locale: 'zh-CN', timeZone: 'Asia/Shanghai', target: { id: 'phone-1' } });
    await world.stores.users.merge(app, [{ userId: 'alice', name: 'Alice' }]);
    const { schedule } = await startProcess(world);
    const message = await world.append({ seq: 1, data: { type: 'text', content: { text: 'hello' } } });
    schedule(app, message, now);
    await world.clock.advance(100);
    expect(world.sent).toMatchObject([{ provider: 'hook', attempt: 1 }]);
    expect(world.sent[0]?.delivery).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      app: 'demo',
      userId: 'bob',
      device: { id: device.id, type: 'mobile', target: { id: 'phone-1' }, locale: 'zh-CN', timeZone: 'Asia/Shanghai' },
      notification: {
        title: 'Alice',
        body: 'hello',
        count: 1,
        collapseKey: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
        priority: 'normal',
        ttlSeconds: 86_400,
        data: {
          action: 'open_conversation',
          type: 'text',
          conversationId: 'c1',
          messageIds: [message.id],
          senderId: 'alice',
          stream,
          seq: 1,
        },
      },
    });
    expect(world.told()).toEqual(['queued@1', `accepted_by_provider@1 ${device.id}`]);
    expect(world.counts).toEqual(
      new Map([
        ['deliveries_total queued', 1],
        ['push_total webhook accepted', 1],
        ['deliveries_total accepted_by_provider', 1],
      ]),
    );
    expect(world.lines.filter(({ level }) => level !== 'debug')).toMatchObject([
      {
        level: 'info',
        msg: 'push',
        fields: { provider: 'hook', userId: 'bob', deviceType: 'mobile', priority: 'normal', outcome: 'accepted' },
      },
    ]);
    expect(await world.stores.outbox.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });

  it('who is online is pushed after the wait, unless a visible connection acknowledged', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), wait);
    await world.clock.advance(4999);
    expect(world.sent).toEqual([]);
    await world.clock.advance(100);
    expect(bodies(world)).toEqual(['text 1']);

    schedule(app, await world.append({ seq: 2 }), wait);
    await world.clock.advance(1000);
    world.heard.push({ userId: 'bob', seq: 2, visible: true });
    await world.clock.advance(10_000);
    expect(bodies(world)).toEqual(['text 1']);
    expect(world.told().at(-1)).toBe('cancelled_acked@2');
  });

  it('is not held back by a hidden tab, unless the app says that any will do', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), wait);
    world.heard.push({ userId: 'bob', seq: 1, visible: false });
    await world.clock.advance(6000);
    expect(world.sent).toHaveLength(1);
    world.settings.deliveredMeans = 'any';
    schedule(app, await world.append({ seq: 2 }), wait);
    world.heard.push({ userId: 'bob', seq: 2, visible: false });
    await world.clock.advance(6000);
    expect(world.sent).toHaveLength(1);
  });

  it('is not pushed when it was read', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), wait);
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, read: 1 }]);
    await world.clock.advance(6000);
    expect(world.sent).toEqual([]);
    expect(world.told()).toEqual(['cancelled_read@1']);
  });

  it('is not pushed when it was acknowledged between the claim and the sending', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world, { work: false });
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(10);
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, seen: 1 }]);
    await startProcess(world);
    await world.clock.advance(100);
    expect(world.sent).toEqual([]);
    expect(world.told()).toEqual(['queued@1', 'cancelled_acked@1']);
  });

  it('for mobile connections only is not held back by a desktop', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    const policy = { realtime: ['mobile' as const], pushTo: ['mobile' as const], priority: 'high' as const };
    const base = (await world.append({ seq: 1 })).policy;
    schedule(app, await world.append({ seq: 2, policy: { ...base, ...policy } }), wait);
    world.heard.push({ userId: 'bob', seq: 2, visible: true });
    await world.clock.advance(6000);
    expect(world.sent).toMatchObject([{ delivery: { notification: { priority: 'high', count: 1 } } }]);
  });

  it('that is always pushed is, although it was acknowledged', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    const { policy } = await world.append({ seq: 1 });
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, delivered: 2, seen: 2 }]);
    schedule(app, await world.append({ seq: 2, policy: { ...policy, push: 'always' } }), wait);
    await world.clock.advance(100);
    expect(world.sent).toMatchObject([{ delivery: { notification: { count: 1, body: 'text 2' } } }]);
  });

  it('is not pushed by policy, and when it was deleted', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    const first = await world.append({ seq: 1 });
    schedule(app, { ...first, policy: { ...first.policy, push: 'never' } }, now);
    const second = await world.append({ seq: 2 });
    schedule(app, second, wait);
    await world.stores.messages.remove(app, { stream, seq: 1 }, { data: {}, deletedAt: 1 });
    await world.stores.messages.remove(app, { stream, seq: 2 }, { data: {}, deletedAt: 1 });
    await world.clock.advance(6000);
    expect(world.sent).toEqual([]);
    expect(world.told().at(-1)).toBe('policy_never@2');
  });
});

describe('several messages missed', () => {
  it('make one notification that counts them', async () => {
    const world = createWorld();
    const device = await world.device();
    const { schedule } = await startProcess(world);
    const ids: string[] = [];
    for (const seq of [1, 2, 3]) {
      const message = await world.append({ seq });
      ids.push(message.id);
      schedule(app, message, wait);
      await world.clock.advance(500);
    }
    await world.clock.advance(10_000);
    expect(world.sent.map(({ delivery: { notification } }) => notification)).toMatchObject([
      { count: 3, body: 'text 3', data: { messageIds: ids, seq: 3 } },
    ]);
    expect(world.told()).toEqual([
      'queued@1',
      'collapsed_into(3)@2',
      'collapsed_into(3)@1',
      `accepted_by_provider@3 ${device.id}`,
    ]);
  });

  it('count what is still unseen, under one key, when they come one by one', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2, 3]) {
      schedule(app, await world.append({ seq }), now);
      await world.clock.advance(100);
    }
    expect(world.sent.map(({ delivery }) => delivery.notification.count)).toEqual([1, 2, 3]);
    expect(new Set(world.sent.map(({ delivery }) => delivery.notification.collapseKey)).size).toBe(1);
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, seen: 3 }]);
    schedule(app, await world.append({ seq: 4 }), now);
    await world.clock.advance(100);
    expect(world.sent.at(-1)?.delivery.notification).toMatchObject({ count: 1, body: 'text 4' });
  });

  it("leave out the user's own, those for others, and those never pushed", async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    const first = await world.append({ seq: 1 });
    await world.append({ seq: 2, senderId: 'bob' });
    await world.append({ seq: 3, targets: ['carol'] });
    await world.append({ seq: 4, exclude: ['bob'] });
    await world.append({ seq: 5, policy: { ...first.policy, push: 'never' } });
    await world.append({ seq: 6 });
    await world.append({ seq: 7, senderId: 'bob' });
    schedule(app, first, now);
    await world.clock.advance(100);
    expect(world.sent).toMatchObject([{ delivery: { notification: { count: 2, body: 'text 6' } } }]);
    expect(world.told().filter((line) => line.startsWith('collapsed'))).toEqual(['collapsed_into(6)@1']);
  });

  it('are counted up to 200', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    for (let seq = 1; seq < 250; seq += 1) await world.append({ seq });
    schedule(app, await world.append({ seq: 250 }), now);
    await world.clock.advance(100);
    expect(world.sent).toMatchObject([{ delivery: { notification: { count: 200, body: 'text 250' } } }]);
    expect(world.sent[0]?.delivery.notification.data['messageIds']).toHaveLength(20);
  });

  it('are told by the later claim when two jobs are waiting', async () => {
    const world = createWorld();
    await world.device();
    const gateway = await startProcess(world, { work: false });
    for (const seq of [1, 2]) {
      gateway.schedule(app, await world.append({ seq }), now);
      await world.clock.advance(100);
    }
    await startProcess(world);
    await world.clock.advance(100);
    expect(world.sent).toMatchObject([{ delivery: { notification: { count: 2, body: 'text 2' } } }]);
    expect(world.told()).toContain('collapsed_into(2)@1');
  });

  it('are not told by a job that was overtaken while it looked', async () => {
    const world = createWorld();
    await world.device();
    const looked = Promise.withResolvers<undefined>();
    world.readsWaitFor.push(looked.promise);
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(100);
    schedule(app, await world.append({ seq: 2 }), now);
    await world.clock.advance(100);
    looked.resolve(undefined);
    await world.clock.advance(100);
    expect(world.sent.map(({ delivery }) => delivery.notification.count)).toEqual([2]);
    expect(world.told().at(-1)).toBe('collapsed_into(2)@1');
  });

  it('never let an older count overtake a newer one', async () => {
    const world = createWorld();
    await world.device();
    const first = Promise.withResolvers<undefined>();
    world.answer = async ({ delivery }) => {
      if (delivery.notification.count === 1) await first.promise;
      return { outcome: 'accepted' };
    };
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(100);
    schedule(app, await world.append({ seq: 2 }), now);
    await world.clock.advance(100);
    expect(world.sent).toHaveLength(1);
    first.resolve(undefined);
    await world.clock.advance(100);
    expect(world.sent.map(({ delivery }) => delivery.notification.count)).toEqual([1, 2]);
  });
});

describe('devices and providers', () => {
  it('are all notified, or the first type of a list that the user has', async () => {
    const world = createWorld();
    await world.device({ deviceType: 'desktop' });
    await world.device({ deviceType: 'tablet' });
    await world.device({ deviceType: 'tablet' });
    const { schedule } = await startProcess(world);
    const first = await world.append({ seq: 1 });
    schedule(app, first, now);
    await world.clock.advance(100);
    expect(world.sent.map(({ delivery }) => delivery.device.id)).toEqual(['device-1', 'device-2', 'device-3']);
    schedule(app, await world.append({ seq: 2, policy: { ...first.policy, pushTo: ['mobile', 'tablet'] } }), now);
    await world.clock.advance(100);
    // The notification still counts the first message, which names all of them.
    expect(world.sent).toHaveLength(6);
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, read: 2 }]);
    schedule(app, await world.append({ seq: 3, policy: { ...first.policy, pushTo: ['mobile', 'tablet'] } }), now);
    await world.clock.advance(100);
    expect(world.sent.slice(6).map(({ delivery }) => delivery.device.id)).toEqual(['device-2', 'device-3']);
  });

  it('that are missing, off or paused are told', async () => {
    const world = createWorld();
    await world.device({ provider: 'gone' });
    await world.device({ provider: 'off' });
    await world.device({ provider: 'paused' });
    world.providers.set('off', scriptedProvider(world, 'off', { state: 'off', reason: 'broken' }));
    world.providers.set('paused', scriptedProvider(world, 'paused', { state: 'paused', reason: 'HTTP 401' }));
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), [...now, { userId: 'dave', when: 'now' }]);
    await world.clock.advance(100);
    expect(world.sent).toEqual([]);
    expect(world.told().toSorted()).toEqual([
      'credentials_rejected@1 device-3',
      'no_device@1',
      'no_provider_for_device@1 device-1',
      'no_provider_for_device@1 device-2',
      'queued@1',
      'queued@1',
    ]);
    expect(world.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it.each([
    ['target_gone', 'target_gone', 0],
    ['target_invalid', 'target_gone', 1],
    ['payload', 'payload_rejected', 1],
    ['credentials', 'credentials_rejected', 1],
    ['quota', 'quota', 1],
  ] as const)('settle a rejection: %s', async (reason, told, devicesLeft) => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'rejected', reason, detail: 'HTTP 4xx' });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(3_600_000);
    expect(world.sent).toHaveLength(1);
    expect(world.told()).toEqual(['queued@1', `${told}@1 device-1`]);
    expect((await world.stores.devices.ofUsers(app, ['bob'])).get('bob') ?? []).toHaveLength(devicesLeft);
    expect(world.paused).toEqual(reason === 'credentials' ? ['hook: HTTP 4xx'] : []);
    expect(world.lines.filter(({ msg }) => msg === 'push failed')).toMatchObject([
      { level: 'warn', fields: { provider: 'hook', userId: 'bob', reason: told, detail: 'HTTP 4xx' } },
    ]);
  });

  it('get notifications cut to their limits', async () => {
    const world = createWorld();
    await world.device();
    world.providers.set('hook', scriptedProvider(world, 'hook', { limits: { bodyChars: 4 } }));
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1, data: { type: 'text', content: { text: '👩👩👩👩👩' } } }), now);
    await world.clock.advance(100);
    expect(bodies(world)).toEqual(['👩👩👩…']);
  });

  it('are called no faster than they allow', async () => {
    const world = createWorld();
    world.providers.set('hook', scriptedProvider(world, 'hook', { limits: { perSecond: 2 } }));
    for (let n = 0; n < 6; n += 1) await world.device();
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(10_000);
    const start = world.sent[0]?.atMs ?? 0;
    expect(world.sent).toHaveLength(6);
    expect(new Set(world.sent.map(({ delivery }) => delivery.device.id)).size).toBe(6);
    expect(world.sent.filter(({ atMs }) => atMs - start < 1000).length).toBeLessThanOrEqual(3);
    expect(world.sent.every(({ attempt }) => attempt === 1)).toBe(true);
  });
});

describe('retries', () => {
  it('back off, obey Retry-After as a lower bound, and end with the first acceptance', async () => {
    const world = createWorld();
    await world.device();
    const answers = [
      { outcome: 'retry' as const, reason: 'HTTP 500' },
      { outcome: 'retry' as const, reason: 'HTTP 429', afterMs: 60_000 },
      { outcome: 'accepted' as const },
    ];
    world.answer = () => answers.shift() ?? { outcome: 'accepted' };
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(30_000);
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([1, 2]);
    await world.clock.advance(60_000);
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    const [first, second, third] = world.sent.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(500);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(new Set(world.sent.map(({ delivery }) => delivery.id)).size).toBe(1);
    expect(world.told()).toEqual([
      'queued@1',
      'retrying@1 device-1',
      'retrying@1 device-1',
      'accepted_by_provider@1 device-1',
    ]);
    expect(world.facts[1]).toMatchObject({
      afterMs: 500,
      attempt: { number: 1, outcome: 'retry', detail: 'HTTP 500' },
    });
  });

  it('of one device do not repeat the others', async () => {
    const world = createWorld();
    await world.device();
    await world.device();
    world.answer = ({ delivery, attempt }) =>
      delivery.device.id === 'device-2' && attempt < 3 ? { outcome: 'retry', reason: 'busy' } : { outcome: 'accepted' };
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(60_000);
    expect(world.sent.map(({ delivery, attempt }) => `${delivery.device.id} ${attempt}`)).toEqual([
      'device-1 1',
      'device-2 1',
      'device-2 2',
      'device-2 3',
    ]);
  });

  it('keep to what each device was told to wait', async () => {
    const world = createWorld();
    await world.device();
    await world.device();
    const waits = new Map([
      ['device-1', 2_000],
      ['device-2', 9_000],
    ]);
    world.answer = ({ delivery }) => ({ outcome: 'retry', reason: 'busy', afterMs: waits.get(delivery.device.id) });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(8_900);
    expect(world.sent.map(({ delivery }) => delivery.device.id)).toEqual([
      'device-1',
      'device-2',
      'device-1',
      'device-1',
      'device-1',
    ]);
    await world.clock.advance(500);
    expect(world.sent.at(-1)).toMatchObject({ attempt: 2, delivery: { device: { id: 'device-2' } } });
  });

  it('end after the last attempt', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'HTTP 503' });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(24 * 3_600_000);
    expect(world.sent).toHaveLength(10);
    expect(world.told().at(-1)).toBe('expired_ttl@1 device-1');
    expect(world.lines.at(-1)).toMatchObject({ level: 'warn', msg: 'push failed' });
  });

  it('end when the message is too old', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'HTTP 503' });
    const { schedule } = await startProcess(world);
    const { policy } = await world.append({ seq: 1 });
    schedule(app, await world.append({ seq: 2, policy: { ...policy, waitMs: 0, ttlSeconds: 3 } }), now);
    await world.clock.advance(60_000);
    expect(world.sent.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(world.told().at(-1)).toBe('expired_ttl@2 device-1');
  });

  it('are cancelled by an acknowledgement, and by a later claim', async () => {
    const world = createWorld();
    await world.device();
    world.answer = () => ({ outcome: 'retry', reason: 'busy', afterMs: 10_000 });
    const { schedule } = await startProcess(world);
    schedule(app, await world.append({ seq: 1 }), now);
    await world.clock.advance(1000);
    schedule(app, await world.append({ seq: 2 }), now);
    await world.clock.advance(1000);
    expect(world.sent).toHaveLength(2);
    await world.clock.advance(8500);
    expect(world.told().at(-1)).toBe('collapsed_into(2)@1');
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, seen: 2 }]);
    await world.clock.advance(60_000);
    expect(world.sent).toHaveLength(2);
    expect(world.told().at(-1)).toBe('cancelled_acked@2');
  });

  it('stop while a service is down, without using attempts, and all are delivered when it is back', async () => {
    const world = createWorld();
    const users = Array.from({ length: 40 }, (_, n) => `user-${n}`);
    for (const userId of users) await world.device({ userId });
    let up = false;
    world.answer = () => (up ? { outcome: 'accepted' } : { outcome: 'retry', reason: 'HTTP 503' });
    const { schedule } = await startProcess(world);
    schedule(
      app,
      await world.append({ seq: 1 }),
      users.map((userId) => ({ userId, when: 'now' as const })),
    );
    await world.clock.advance(30 * 60_000);
    // 32 side by side before anything is known, then a probe now and then: without the breaker it were 400.
    expect(world.sent.length).toBeLessThan(80);
    up = true;
    await world.clock.advance(30 * 60_000);
    const delivered = world.facts.filter(({ reason }) => reason === 'accepted_by_provider');
    expect(new Set(delivered.map(({ userId }) => userId)).size).toBe(40);
  });
});

describe('clearing', () => {
  it('takes the notification away when all it told was read', async () => {
    const world = createWorld();
    await world.device();
    const clear = async (clearing: World['cleared'][number]) => {
      world.cleared.push(clearing);
      return { outcome: 'accepted' as const };
    };
    world.providers.set('hook', scriptedProvider(world, 'hook', { supports: { clear: true }, clear }));
    const { schedule, onRead } = await startProcess(world);
    onRead(app, 'bob', { stream, seq: 1 });
    await world.clock.advance(100);
    for (const seq of [1, 2]) schedule(app, await world.append({ seq }), now);
    await world.clock.advance(100);
    onRead(app, 'bob', { stream, seq: 1 });
    await world.clock.advance(100);
    expect(world.cleared).toEqual([]);
    for (let n = 0; n < 3; n += 1) onRead(app, 'bob', { stream, seq: 2 });
    await world.clock.advance(100);
    expect(world.cleared).toMatchObject([
      { userId: 'bob', device: { id: 'device-1' }, collapseKey: world.sent[0]?.delivery.notification.collapseKey },
    ]);
  });
});
