// Deliveries of one job by a service that takes many in one call: how many calls that are, and that each device has
// an outcome of its own. Over engines in memory.
import type { Delivery } from '@belfry/plugin-kit';
import { expect, test } from 'vitest';
import type { SentOutcome } from '../../plugins/running-provider.ts';
import { app, createWorld, scriptedProvider, startProcess, type World } from '../test/push.fixture.ts';

interface Call {
  deviceIds: string[];
  attempt: number;
  atMs: number;
}

type Answer = (delivery: Delivery, call: Call) => SentOutcome;

/** A world with so many users, each with one device, and a provider that takes `batch` deliveries in one call. */
async function worldOf({ users, batch }: { users: number; batch: number }, answer: Answer) {
  const world = createWorld();
  const calls: Call[] = [];
  world.providers.set(
    'hook',
    scriptedProvider(world, 'hook', {
      limits: { batch },
      async sendMany(deliveries, { attempt }) {
        const deviceIds = deliveries.map(({ device }) => device.id);
        const call = { deviceIds, attempt, atMs: world.clock.now() };
        calls.push(call);
        return deliveries.map((delivery) => answer(delivery, call));
      },
    }),
  );
  const userIds = Array.from({ length: users }, (_, at) => `user-${at + 1}`);
  for (const userId of userIds) await world.device({ userId });
  world.recipientsOf = () => userIds;
  const { schedule } = await startProcess(world);
  const recipients = userIds.map((userId) => ({ userId, when: 'now' as const }));
  schedule(app, await world.append({ seq: 1 }), recipients);
  return { world, calls };
}

const accept: Answer = ({ id }) => ({ outcome: 'accepted', providerMessageId: `m-${id}` });
const countOf = (world: World, reason: string): number => world.facts.filter((fact) => fact.reason === reason).length;

test('five hundred recipients are one call instead of five hundred, and each device has its own journey', async () => {
  const { world, calls } = await worldOf({ users: 500, batch: 500 }, accept);
  await world.clock.advance(1000);
  expect([calls.length, calls[0]?.deviceIds.length, world.sent.length]).toEqual([1, 500, 0]);
  const accepted = world.facts.filter(({ reason }) => reason === 'accepted_by_provider');
  expect(new Set(accepted.map(({ deviceId }) => deviceId)).size).toBe(500);
  expect(new Set(accepted.map(({ attempt }) => attempt?.providerMessageId)).size).toBe(500);
});

test('no call has more than the service takes', async () => {
  const { world, calls } = await worldOf({ users: 500, batch: 200 }, accept);
  await world.clock.advance(1000);
  expect(calls.map(({ deviceIds }) => deviceIds.length)).toEqual([200, 200, 100]);
});

test('of a call that failed for some, only these are tried again, and each has its own consequence', async () => {
  const { world, calls } = await worldOf({ users: 40, batch: 100 }, (delivery) => {
    if (delivery.device.id === 'device-7') return { outcome: 'retry', reason: 'HTTP 429', scope: 'target' };
    if (delivery.device.id === 'device-9') return { outcome: 'rejected', reason: 'target_gone', detail: 'unknown' };
    return { outcome: 'accepted' };
  });
  await world.clock.advance(60_000);
  expect(calls.map(({ deviceIds }) => deviceIds.length)).toEqual([40]);
  // Alone, it is sent as any other.
  expect(world.sent.map(({ delivery, attempt }) => [delivery.device.id, attempt])).toEqual([['device-7', 2]]);
  expect([countOf(world, 'accepted_by_provider'), countOf(world, 'retrying'), countOf(world, 'target_gone')]).toEqual([
    39, 1, 1,
  ]);
  const left = await world.stores.devices.ofUsers(app, ['user-7', 'user-9']);
  expect([...left.keys()]).toEqual(['user-7']);
});

test('a call that fails as a whole is one failure of the service, and is tried again as one call', async () => {
  const { world, calls } = await worldOf({ users: 100, batch: 100 }, (_delivery, { attempt }) =>
    attempt === 1 ? { outcome: 'retry', reason: 'HTTP 503' } : { outcome: 'accepted' },
  );
  await world.clock.advance(60_000);
  expect(calls.map(({ deviceIds, attempt }) => [deviceIds.length, attempt])).toEqual([
    [100, 1],
    [100, 2],
  ]);
  expect(countOf(world, 'accepted_by_provider')).toBe(100);
  expect(world.lines.filter(({ msg }) => msg === 'provider quarantined')).toEqual([]);
});

test('credentials that are refused for many pause the provider once', async () => {
  const { world } = await worldOf({ users: 50, batch: 100 }, () => ({
    outcome: 'rejected',
    reason: 'credentials',
    detail: 'HTTP 401',
  }));
  await world.clock.advance(1000);
  expect(world.paused).toEqual(['hook: HTTP 401']);
  expect(countOf(world, 'credentials_rejected')).toBe(50);
});

test('one recipient is sent by itself, without waiting for company', async () => {
  const { world, calls } = await worldOf({ users: 1, batch: 100 }, accept);
  await world.clock.advance(10);
  expect([calls.length, world.sent.length]).toEqual([0, 1]);
});
