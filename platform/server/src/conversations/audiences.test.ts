import { expect, test } from 'vitest';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import type { ConversationStore } from '../ports/stores/index.ts';
import { newApp, sampleConversation } from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Audiences } from './audiences.ts';

async function setUp() {
  const app = newApp();
  const clock = createVirtualClock();
  const stores = createMemoryStores();
  const hub = new TestBusHub({ clock });
  let reads = 0;
  let hold: Promise<undefined> | undefined;
  const store: ConversationStore = {
    ...stores.conversations,
    async participants(...args) {
      reads += 1;
      const found = await stores.conversations.participants(...args);
      await hold;
      return found;
    },
  };
  const node = async (name: string) => {
    const bus = hub.connect(name);
    return new Audiences({ store, bus, clock });
  };
  await stores.conversations.create(app, sampleConversation(), [person('alice')]);
  return {
    ...{ app, clock, hub, stores, one: await node('n1'), two: await node('n2') },
    reads: () => reads,
    /** From here on reads have looked, but have not answered, until the function returned is called. */
    holdReads() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      hold = promise;
      return () => {
        hold = undefined;
        resolve(undefined);
      };
    },
  };
}

const person = (userId: string) => ({ userId, role: 'member', joinedAt: 1000 });

test('an audience is read once and shared', async () => {
  const { app, one, reads } = await setUp();
  const [first, second] = await Promise.all([one.get(app, 'c1'), one.get(app, 'c1')]);
  expect(first).toBe(second);
  expect(one.peek(app, 'c1')).toBe(first);
  expect(first?.userIds).toEqual(['alice']);
  expect(first?.roleOf('alice')).toBe('member');
  expect(first?.roleOf('bob')).toBeUndefined();
  expect(reads()).toBe(1);
});

test('a change is seen at once here, and on another node when it hears of it', async () => {
  const { app, one, two, stores, clock } = await setUp();
  await Promise.all([one.get(app, 'c1'), two.get(app, 'c1')]);
  await stores.conversations.putParticipant(app, 'c1', person('bob'));
  await one.changed(app, 'c1');
  expect((await one.get(app, 'c1'))?.userIds).toEqual(['alice', 'bob']);
  await clock.advance(0);
  expect((await two.get(app, 'c1'))?.userIds).toEqual(['alice', 'bob']);
});

test('a lost hint is forgiven after 10 s', async () => {
  const { app, one, two, stores, hub, clock } = await setUp();
  await two.get(app, 'c1');
  await stores.conversations.putParticipant(app, 'c1', person('bob'));
  hub.dropNext(1);
  await one.changed(app, 'c1');
  await clock.advance(9999);
  expect((await two.get(app, 'c1'))?.userIds).toEqual(['alice']);
  await clock.advance(1);
  expect(two.peek(app, 'c1')).toBeUndefined();
  expect((await two.get(app, 'c1'))?.userIds).toEqual(['alice', 'bob']);
});

test('a conversation that is not there is not remembered as such', async () => {
  const { app, one, stores } = await setUp();
  expect(await one.get(app, 'c2')).toBeUndefined();
  await stores.conversations.create(app, sampleConversation({ id: 'c2' }), [person('bob')]);
  expect((await one.get(app, 'c2'))?.userIds).toEqual(['bob']);
});

test('an audience that was read before a change is not kept after it', async () => {
  const { app, one, two, stores, clock, holdReads } = await setUp();
  const release = holdReads();
  const stale = [one.get(app, 'c1'), two.get(app, 'c1')];
  await clock.advance(0);
  await stores.conversations.putParticipant(app, 'c1', person('bob'));
  await one.changed(app, 'c1');
  await clock.advance(0);
  release();
  for (const audience of await Promise.all(stale)) expect(audience?.userIds).toEqual(['alice']);
  expect((await one.get(app, 'c1'))?.userIds).toEqual(['alice', 'bob']);
  expect((await two.get(app, 'c1'))?.userIds).toEqual(['alice', 'bob']);
});

test('a failed read is tried again by the next who asks', async () => {
  const { app, one, stores } = await setUp();
  stores.fail('conversations.participants');
  await expect(one.get(app, 'c1')).rejects.toMatchObject({ code: 'unavailable' });
  stores.fail(undefined);
  expect((await one.get(app, 'c1'))?.userIds).toEqual(['alice']);
});

test('a bus that is away holds nobody up', async () => {
  const { app, one, hub } = await setUp();
  hub.down();
  await expect(one.changed(app, 'c1')).resolves.toBeUndefined();
});

test('the cache is bounded by participants, not by conversations', async () => {
  const { app, one, stores } = await setUp();
  const people = Array.from({ length: 400_000 }, (_, index) => person(`u${index}`));
  for (const id of ['big1', 'big2', 'big3']) {
    await stores.conversations.create(app, sampleConversation({ id }), []);
  }
  // The store itself holds one copy: what matters is how large the audiences are.
  stores.conversations.participants = async () => ({ version: 1, participants: people });
  const big = new Audiences({
    store: stores.conversations,
    bus: new TestBusHub().connect('n'),
    clock: createVirtualClock(),
  });
  for (const id of ['big1', 'big2', 'big3']) await big.get(app, id);
  expect(['big1', 'big2', 'big3'].map((id) => big.peek(app, id) !== undefined)).toEqual([false, true, true]);
  expect(one.peek(app, 'c1')).toBeUndefined();
});
