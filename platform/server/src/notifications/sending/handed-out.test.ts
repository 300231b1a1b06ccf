// A push is checked as it is handed out: every change while a push waits, at every moment at
// which it is handed out. The whole server: test/scenarios/handed-out.test.ts.
import type { Preferences } from '@belfry/protocol';
import { describe, expect, it, vi } from 'vitest';
import { createMemoryQueue } from '../../drivers/queue/memory/create-memory-queue.ts';
import type { StoredMessage } from '../../ports/stores/index.ts';
import { app, bodies, createWorld, now, startProcess, stream, wait, type World } from '../test/push.fixture.ts';
import { DeadLetters } from './dead-letters.ts';

const hour = 3_600_000;
const day = 24 * hour;

async function prefer(world: World, preferences: Partial<Preferences>): Promise<void> {
  const before = (await world.stores.preferences.ofUsers(app, ['bob'])).get('bob');
  const whole = { level: 'all' as const, conversations: {}, ...before?.preferences, ...preferences };
  await world.stores.preferences.put(app, { userId: 'bob', version: (before?.version ?? 0) + 1, preferences: whole });
}

interface Change {
  make: (world: World, message: StoredMessage) => Promise<unknown>;
  /** Why nothing is sent; or else the text that is. */
  reason?: string;
  text?: string;
}

const changes: Record<string, Change> = {
  'the user is removed': { make: async (world) => world.left.add('bob'), reason: 'not_a_member' },
  'the user is signed out': {
    make: (world) => world.stores.users.merge(app, [{ userId: 'bob', signedOutAt: world.clock.now() }]),
    reason: 'no_device',
  },
  'the user mutes it': {
    make: (world) => prefer(world, { conversations: { c1: { muteUntil: '2030-01-01T00:00:00.000Z' } } }),
    reason: 'muted',
  },
  'the user wants none': { make: (world) => prefer(world, { level: 'none' }), reason: 'preference_off' },
  'the message is deleted': {
    make: (world, message) => world.stores.messages.remove(app, message, { data: {}, deletedAt: world.clock.now() }),
    reason: 'policy_never',
  },
  'the message is edited': {
    make: (world, message) =>
      world.stores.messages.edit(app, message, {
        data: { ...message.data, content: { text: 'edited' } },
        editedAt: world.clock.now(),
      }),
    text: 'edited',
  },
  'the user reads it': {
    make: (world) => world.stores.cursors.advance(app, [{ userId: 'bob', stream, read: 2 }]),
    reason: 'cancelled_read',
  },
};

/** Brings a push to where it waits, changes what is to be changed, and lets it be handed out. */
type Moment = (world: World, change: () => Promise<unknown>, message: StoredMessage) => Promise<void>;

const moments: Record<string, Moment> = {
  'after the wait': async (world, change, message) => {
    const { schedule } = await startProcess(world);
    schedule(app, message, wait);
    await world.clock.advance(1000);
    await change();
    await world.clock.advance(5000);
  },
  'after quiet hours': async (world, change, message) => {
    await prefer(world, { quietHours: { from: '22:00', to: '07:00', timeZone: 'UTC' } });
    const { schedule } = await startProcess(world);
    schedule(app, message, now);
    await world.clock.advance(hour);
    await change();
    await world.clock.advance(7 * hour);
  },
  'in another attempt': async (world, change, message) => {
    world.answer = ({ attempt }) =>
      attempt === 1 ? { outcome: 'retry', reason: 'busy', afterMs: 60_000 } : { outcome: 'accepted' };
    const { schedule } = await startProcess(world);
    schedule(app, message, now);
    await world.clock.advance(1000);
    world.sent.length = 0;
    await change();
    await world.clock.advance(90_000);
  },
  'in the replay of a dead letter': async (world, change, message) => {
    world.answer = () => ({ outcome: 'rejected', reason: 'credentials', detail: 'HTTP 401' });
    const { schedule } = await startProcess(world);
    schedule(app, message, now);
    await world.clock.advance(1000);
    world.sent.length = 0;
    await change();
    world.answer = () => ({ outcome: 'accepted' });
    const hook = world.providers.get('hook');
    if (hook !== undefined) world.providers.set('hook', { ...hook, state: 'on' });
    const queue = createMemoryQueue({ clock: world.clock, kept: world.jobs });
    const letters = new DeadLetters({ queue, store: world.stores.deadLetters, clock: world.clock });
    expect(await letters.replayAll(app, 'hook')).toBe(1);
    // It hears of new jobs when it looks the next time.
    await startProcess(world);
    await world.clock.advance(10_000);
  },
};

describe.each(Object.entries(moments))('%s', (_when, moment) => {
  it.each(Object.entries(changes))('is checked anew: %s', async (_what, { make, reason, text }) => {
    const world = createWorld();
    await world.device();
    const { policy } = await world.append({ seq: 1, senderId: 'bob' });
    const message = await world.append({ seq: 2, policy: { ...policy, ttlSeconds: (2 * day) / 1000 } });
    await moment(world, () => make(world, message), message);
    expect(bodies(world)).toEqual(text === undefined ? [] : [text]);
    expect(world.told().at(-1)).toMatch(new RegExp(`^${reason ?? 'accepted_by_provider'}@2`));
  });
});

it('a device that was registered again after the sign-out is notified', async () => {
  const world = createWorld();
  const device = await world.device();
  await world.device({ deviceType: 'desktop' });
  await world.stores.users.merge(app, [{ userId: 'bob', signedOutAt: world.clock.now() }]);
  await world.clock.advance(1000);
  await world.stores.devices.register(app, { ...device, updatedAt: world.clock.now() });
  const { schedule } = await startProcess(world);
  schedule(app, await world.append({ seq: 1 }), now);
  await world.clock.advance(1000);
  expect(world.sent.map(({ delivery }) => delivery.device.id)).toEqual([device.id]);
});

describe('a push to many users', () => {
  const users = Array.from({ length: 30 }, (_, at) => `u${at}`);

  it.each([
    ['asks once for the cursors of all of them', undefined, { cursors: 2, devices: 1 }],
    ['reads all about them once more when that is old', 600, { cursors: 2, devices: 2 }],
  ])('%s', async (_, providersTakeMs, expected) => {
    const world = createWorld();
    for (const userId of users) await world.device({ userId });
    const [cursors, devices] = [vi.spyOn(world.stores.cursors, 'get'), vi.spyOn(world.stores.devices, 'ofUsers')];
    if (providersTakeMs !== undefined)
      world.readsWaitFor = [new Promise((resolve) => void world.clock.after(providersTakeMs, () => resolve(true)))];
    const { schedule } = await startProcess(world);
    const message = await world.append({ seq: 1 });
    schedule(
      app,
      message,
      users.map((userId) => ({ userId, when: 'now' })),
    );
    await world.clock.advance(1000);
    expect(world.sent.map(({ delivery }) => delivery.userId).toSorted()).toEqual(users.toSorted());
    expect({ cursors: cursors.mock.calls.length, devices: devices.mock.calls.length }).toEqual(expected);
  });
});
