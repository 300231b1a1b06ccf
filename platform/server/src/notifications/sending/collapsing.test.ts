// Several missed messages make one notification with the right count. Over engines in memory.
import { describe, expect, it } from 'vitest';
import { app, createWorld, now, startProcess, stream, wait } from '../test/push.fixture.ts';

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

  it('do not stand for what was seen, or read, while it waited', async () => {
    const world = createWorld();
    await world.device();
    const { schedule } = await startProcess(world);
    for (const seq of [1, 2]) schedule(app, await world.append({ seq }), wait);
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, seen: 2, read: 1 }]);
    schedule(app, await world.append({ seq: 3 }), now);
    await world.clock.advance(100);
    expect(world.sent).toMatchObject([{ delivery: { notification: { count: 1, body: 'text 3' } } }]);
    expect(world.told()).toContain('cancelled_read@1');
    expect(world.told()).toContain('cancelled_acked@2');
    expect(world.told().filter((line) => line.startsWith('collapsed'))).toEqual([]);
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

  it('are notified by the later claim when two jobs are waiting', async () => {
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

  it('are not notified by a job that was overtaken while it looked', async () => {
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
