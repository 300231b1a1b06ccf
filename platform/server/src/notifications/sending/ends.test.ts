// What became of a message is said once of each person it might be pushed to, however many devices, attempts and
// steps of a fall-back chain it took. Over stores and a queue in memory.
import { expect, test } from 'vitest';
import { createMemoryQueue } from '../../drivers/queue/memory/create-memory-queue.ts';
import {
  app,
  createWorld,
  now,
  scriptedProvider,
  startProcess,
  stream,
  wait,
  type World,
} from '../test/push.fixture.ts';
import type { PushRecipient } from '../claiming/schedule.ts';
import { DeadLetters } from './dead-letters.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** As `reason count`, in order. */
const ended = (world: World): string[] =>
  world.recorded.of('push.ended').map(({ reason, count }) => `${reason} ${count}`);

async function pushed(world: World, seq = 1, when: readonly PushRecipient[] = now) {
  const process = await startProcess(world);
  process.schedule(app, await world.append({ seq }), when);
  return process;
}

test.each([
  { given: 'was seen', advance: { delivered: 1, seen: 1 }, then: ['cancelled_acked 1'] },
  { given: 'was read', advance: { delivered: 1, read: 1 }, then: ['cancelled_read 1'] },
  { given: 'was missed', advance: { delivered: 0 }, then: ['accepted_by_provider 1'] },
])('a message that $given in its wait has that end', async ({ advance, then }) => {
  const world = createWorld();
  await world.device();
  await pushed(world, 1, wait);
  await world.stores.cursors.advance(app, [{ userId: 'bob', stream, ...advance }]);
  await world.clock.advance(minute);
  expect(ended(world)).toEqual(then);
});

test('a person whose devices took it at several times was pushed to once', async () => {
  const world = createWorld();
  for (const _ of [1, 2, 3]) await world.device();
  world.answer = ({ delivery, attempt }) =>
    delivery.device.id !== 'device-1' && attempt < 3 ? { outcome: 'retry', reason: 'busy' } : { outcome: 'accepted' };
  await pushed(world);
  await world.clock.advance(10 * minute);
  expect(world.told().filter((each) => each.startsWith('accepted'))).toHaveLength(3);
  expect(ended(world)).toEqual(['accepted_by_provider 1']);
});

test('a push that failed on one device and came through on another later was pushed', async () => {
  const world = createWorld();
  await world.device();
  await world.device();
  world.answer = ({ delivery, attempt }) => {
    if (delivery.device.id === 'device-1') return { outcome: 'rejected', reason: 'payload', detail: 'no' };
    return attempt === 1 ? { outcome: 'retry', reason: 'busy' } : { outcome: 'accepted' };
  };
  await pushed(world);
  await world.clock.advance(10 * minute);
  expect(ended(world)).toEqual(['accepted_by_provider 1']);
});

test('a push that no device got has failed once, for the last reason', async () => {
  const world = createWorld();
  await world.device();
  await world.device();
  world.answer = ({ delivery }) =>
    delivery.device.id === 'device-1'
      ? { outcome: 'retry', reason: 'busy' }
      : { outcome: 'rejected', reason: 'target_gone', detail: '' };
  await pushed(world);
  await world.clock.advance(10_000);
  expect(ended(world)).toEqual([]);
  await world.clock.advance(day);
  expect(ended(world)).toEqual(['expired_ttl 1']);
});

test('a person without a device any more has that end', async () => {
  const world = createWorld();
  await pushed(world);
  await world.clock.advance(minute);
  expect(ended(world)).toEqual(['no_device 1']);
});

test('of several messages of one notification one was pushed, and it stands for the others', async () => {
  const world = createWorld();
  await world.device();
  const { schedule } = await startProcess(world);
  for (const seq of [1, 2, 3]) schedule(app, await world.append({ seq }), wait);
  await world.clock.advance(minute);
  expect(world.sent).toHaveLength(1);
  expect(ended(world).toSorted()).toEqual(['accepted_by_provider 1', 'collapsed_into 1', 'collapsed_into 1']);
});

test('messages of before a notification, which had their ends, have none again', async () => {
  const world = createWorld();
  await world.device();
  const { schedule } = await startProcess(world);
  for (const seq of [1, 2]) {
    schedule(app, await world.append({ seq }), wait);
    await world.stores.cursors.advance(app, [{ userId: 'bob', stream, delivered: seq, seen: seq }]);
    await world.clock.advance(10_000);
  }
  schedule(app, await world.append({ seq: 3 }), wait);
  await world.clock.advance(10_000);
  expect(world.told()).toContain('cancelled_acked@1');
  expect(ended(world)).toEqual(['cancelled_acked 1', 'cancelled_acked 1', 'accepted_by_provider 1']);
});

test('a message that is not wanted any more when its turn comes has the reason of that', async () => {
  const world = createWorld();
  await world.device();
  const preferences = { level: 'all' as const, conversations: { c1: { level: 'none' as const } } };
  await world.stores.preferences.put(app, { userId: 'bob', version: 1, preferences });
  await pushed(world);
  await world.clock.advance(minute);
  expect(ended(world)).toEqual(['preference_off 1']);
});

test('a push that waits for the end of quiet hours has its end then', async () => {
  const world = createWorld();
  await world.device();
  const preferences = {
    level: 'all' as const,
    quietHours: { from: '00:00', to: '23:59', timeZone: 'UTC' },
    conversations: {},
  };
  await world.stores.preferences.put(app, { userId: 'bob', version: 1, preferences });
  await pushed(world);
  await world.clock.advance(minute);
  expect(world.told()).toContain('quiet_hours_deferred@1');
  expect(ended(world)).toEqual([]);
  await world.clock.advance(2 * day);
  expect(ended(world)).toHaveLength(1);
});

test('a push that is given up and sent again later has failed', async () => {
  const world = createWorld();
  await world.device();
  world.answer = () => ({ outcome: 'rejected', reason: 'credentials', detail: 'HTTP 401' });
  await pushed(world);
  await world.clock.advance(minute);
  const { clock, jobs, stores } = world;
  const letters = new DeadLetters({
    queue: createMemoryQueue({ clock, kept: jobs }),
    store: stores.deadLetters,
    clock,
  });
  const [letter] = (await letters.list(app, { limit: 1 })).deadLetters;
  world.providers.set('hook', scriptedProvider(world, 'hook'));
  world.answer = () => ({ outcome: 'accepted' });
  await letters.replay(app, letter?.id ?? '');
  // The letters' queue is nobody's who works: it is for the next process to find.
  await startProcess(world);
  await world.clock.advance(minute);
  expect(world.told().at(-1)).toBe('accepted_by_provider@1 device-1');
  expect(ended(world)).toEqual(['credentials_rejected 1']);
});

test.each([
  { given: 'both took', hook: 'accepted', sms: 'accepted', then: ['accepted_by_provider 1'] },
  { given: 'the second took', hook: 'payload', sms: 'accepted', then: ['accepted_by_provider 1'] },
  { given: 'the first took', hook: 'accepted', sms: 'payload', then: ['accepted_by_provider 1'] },
  { given: 'none took', hook: 'target_gone', sms: 'payload', then: ['payload_rejected 1'] },
] as const)('a person whom a fall-back chain goes through has one end where $given it', async ({ hook, sms, then }) => {
  const world = createWorld();
  const answers = { hook, sms };
  world.answer = ({ provider }) => {
    const answer = answers[provider === 'sms' ? 'sms' : 'hook'];
    return answer === 'accepted' ? { outcome: 'accepted' } : { outcome: 'rejected', reason: answer, detail: '' };
  };
  world.providers.set('sms', scriptedProvider(world, 'sms', { channel: 'sms' }));
  world.settings.fallbacks = [{ after: 'not_opened', afterMs: 10 * minute, channel: 'sms' }];
  for (const provider of ['hook', 'sms']) await world.device({ id: provider, provider, targetHash: provider });
  await pushed(world);
  await world.clock.advance(20 * minute);
  expect(world.sent.map(({ provider }) => provider)).toEqual(['hook', 'sms']);
  expect(ended(world)).toEqual(then);
});

test('a step of a chain that is not needed any more, since the message was seen, has that end', async () => {
  const world = createWorld();
  world.answer = () => ({ outcome: 'rejected', reason: 'payload', detail: '' });
  world.providers.set('sms', scriptedProvider(world, 'sms', { channel: 'sms' }));
  world.settings.fallbacks = [{ after: 'not_opened', afterMs: 10 * minute, channel: 'sms' }];
  for (const provider of ['hook', 'sms']) await world.device({ id: provider, provider, targetHash: provider });
  await pushed(world);
  await world.clock.advance(minute);
  await world.stores.cursors.advance(app, [{ userId: 'bob', stream, delivered: 1, seen: 1 }]);
  await world.clock.advance(20 * minute);
  expect(ended(world)).toEqual(['cancelled_acked 1']);
});
