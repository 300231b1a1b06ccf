// Users who are pushed, and acknowledgements that hold a push back: from a stored message to the provider,
// over engines in memory.
import { describe, expect, it } from 'vitest';
import { app, bodies, createWorld, now, scriptedProvider, startProcess, stream, wait } from '../test/push.fixture.ts';

describe('a message to a user', () => {
  it('is pushed at once when the user is away, with the sender and the text', async () => {
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
        sender: 'Alice',
        title: 'Alice',
        body: 'hello',
        count: 1,
        collapseKey: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
        priority: 'normal',
        ttlSeconds: 86_400,
        data: {
          action: 'open_conversation',
          openedToken: expect.any(String),
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
    expect(await world.stores.outbox.take({ nowMs: Number.MAX_SAFE_INTEGER, limit: 10, leaseMs: 0 })).toEqual([]);
  });

  it('is pushed after the wait when the user is online, unless a visible connection acknowledged', async () => {
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

  it('is not pushed when it was acknowledged while the push before it hung', async () => {
    const world = createWorld();
    await world.device();
    const hanging = Promise.withResolvers<undefined>();
    const { send } = scriptedProvider(world, 'hook');
    const slow: typeof send = async (...call) => {
      const outcome = await send(...call);
      await hanging.promise;
      return outcome;
    };
    world.providers.set('hook', scriptedProvider(world, 'hook', { send: slow }));
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2]) {
      schedule(app, await world.append({ seq }), now);
      await world.clock.advance(100);
    }
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, seen: 2 }]);
    await world.clock.advance(1000);
    hanging.resolve(undefined);
    await world.clock.advance(100);
    expect(bodies(world)).toEqual(['text 1']);
    expect(world.told().at(-1)).toBe('cancelled_acked@2');
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

  it('is pushed under an `always` policy, although it was acknowledged', async () => {
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
