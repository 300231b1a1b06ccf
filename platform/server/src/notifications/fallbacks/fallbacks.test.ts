// Fall-back chains over stores and a queue in memory: which devices are first, when a step is taken and why, what
// ends a chain, and that a kill loses no step.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Fallback } from '@belfry/protocol';
import { app, createWorld, now, scriptedProvider, startProcess, stream, type World } from '../test/push.fixture.ts';

const minuteMs = 60_000;
const sms: Fallback = { after: 'not_opened', afterMs: 10 * minuteMs, channel: 'sms' };
const mail: Fallback = { after: 'not_opened', afterMs: 60 * minuteMs, channel: 'email' };

let world: World;

beforeEach(() => {
  world = createWorld();
  world.providers.set('sms', scriptedProvider(world, 'sms', { channel: 'sms' }));
  world.providers.set('mail', scriptedProvider(world, 'mail', { channel: 'email' }));
  world.settings.fallbacks = [sms, mail];
});

/** A phone app, a number and a mailbox. */
async function devices(providers: readonly string[] = ['hook', 'sms', 'mail']): Promise<void> {
  for (const provider of providers) await world.device({ id: provider, provider, targetHash: provider });
}

async function missed(seq = 1, given: Parameters<World['append']>[0] = { seq }) {
  return world.append({ ...given, seq });
}

const sentBy = (): string[] => world.sent.map(({ provider }) => provider);
const minutes = (count: number) => world.clock.advance(count * minuteMs);

describe('a chain', () => {
  test('pushes first to the devices that no step names, and takes its steps in order', async () => {
    await devices();
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await minutes(9);
    expect(sentBy()).toEqual(['hook']);
    await minutes(2);
    expect(sentBy()).toEqual(['hook', 'sms']);
    await minutes(61);
    expect(sentBy()).toEqual(['hook', 'sms', 'mail']);
    expect(world.told()).toEqual([
      ...['queued@1', 'accepted_by_provider@1 hook', 'fallback_waiting@1 sms'],
      ...['fallback_from@1 sms', 'accepted_by_provider@1 sms', 'fallback_waiting@1 mail'],
      ...['fallback_from@1 mail', 'accepted_by_provider@1 mail'],
    ]);
    expect(world.facts.filter(({ reason }) => reason === 'fallback_from').map(({ from }) => from)).toEqual([
      ...['not_opened', 'not_opened'],
    ]);
  });

  test('ends when the message was read, acknowledged or deleted', async () => {
    for (const end of ['read', 'seen', 'deleted'] as const) {
      const other = createWorld();
      Object.assign(other.settings, world.settings);
      for (const [id, channel] of [['sms', 'sms'] as const])
        other.providers.set(id, scriptedProvider(other, id, { channel }));
      for (const provider of ['hook', 'sms']) await other.device({ id: provider, provider, targetHash: provider });
      const { schedule } = await startProcess(other);
      schedule(app, await other.append({ seq: 1 }), now);
      await other.clock.advance(minuteMs);
      if (end === 'deleted') {
        await other.stores.messages.remove(app, { stream, seq: 1 }, { data: {}, deletedAt: 1 });
      } else {
        await other.stores.cursors.advance(app, [{ userId: 'bob', stream, delivered: 1, [end]: 1 }]);
      }
      await other.clock.advance(60 * minuteMs);
      expect(other.sent.map(({ provider }) => provider)).toEqual(['hook']);
      const reason = { read: 'cancelled_read', seen: 'cancelled_acked', deleted: 'policy_never' }[end];
      expect(other.told().at(-1)).toBe(`${reason}@1`);
    }
  });

  test('ends when the notification was opened, though nothing was acknowledged', async () => {
    await devices();
    const process = await startProcess(world);
    process.schedule(app, await missed(), now);
    await minutes(1);
    const opened = process.openings.read(String(world.sent[0]?.delivery.notification.data['openedToken']));
    if (opened !== undefined) process.openings.record(app, opened);
    await minutes(120);
    expect(sentBy()).toEqual(['hook']);
    expect(world.told().slice(-2)).toEqual(['fallback_not_needed@1 sms', 'fallback_not_needed@1 mail']);
  });

  test('takes a step for kinds and priorities that it names, and for no others', async () => {
    await devices(['hook', 'sms']);
    world.settings.fallbacks = [{ ...sms, kinds: ['message'], priorities: ['high', 'urgent'] }];
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await minutes(30);
    // No step applies: the number is a device as any.
    expect(sentBy().toSorted()).toEqual(['hook', 'sms']);
    const { policy } = await missed(2);
    schedule(app, await missed(3, { seq: 3, policy: { ...policy, priority: 'high' } }), now);
    await minutes(9);
    expect(sentBy()).toHaveLength(3);
    await minutes(2);
    expect(sentBy()).toHaveLength(4);
  });

  test('holds quiet hours and mutes for each step', async () => {
    await devices(['hook', 'sms']);
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await minutes(1);
    const preferences = {
      level: 'all' as const,
      conversations: {},
      quietHours: { from: '00:05', to: '02:00', timeZone: 'UTC' },
    };
    await world.stores.preferences.put(app, { userId: 'bob', version: 1, preferences });
    await minutes(60);
    expect(sentBy()).toEqual(['hook']);
    expect(world.told().at(-1)).toBe('quiet_hours_deferred@1');
    await minutes(65);
    expect(sentBy()).toEqual(['hook', 'sms']);
    schedule(app, await missed(2), now);
    await minutes(1);
    await world.stores.preferences.put(app, {
      userId: 'bob',
      version: 2,
      preferences: { level: 'none', conversations: {} },
    });
    await minutes(30);
    expect(sentBy()).toEqual(['hook', 'sms', 'hook']);
    expect(world.told().at(-1)).toBe('preference_off@2');
  });

  test('tells of many messages once a channel, with what is missed by then', async () => {
    await devices(['hook', 'sms']);
    const { schedule } = await startProcess(world);
    for (let seq = 1; seq <= 5; seq += 1) {
      schedule(app, await missed(seq), now);
      await minutes(1);
    }
    await minutes(30);
    const texts = world.sent.filter(({ provider }) => provider === 'sms');
    expect(texts.map(({ delivery }) => delivery.notification.count)).toEqual([5]);
    // The next message is a text of its own, ten minutes later.
    schedule(app, await missed(6), now);
    await minutes(30);
    expect(world.sent.filter(({ provider }) => provider === 'sms')).toHaveLength(2);
  });

  test('that the app changes meanwhile is as it is when a step is due', async () => {
    await devices();
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await minutes(5);
    world.settings.fallbacks = [];
    await minutes(60);
    expect(sentBy()).toEqual(['hook']);
  });
});

describe('a step after', () => {
  test.each([
    ['no_device', ['sms'], 1],
    ['no_device', ['hook', 'sms'], 0],
    ['failed', ['sms'], 1],
    ['failed', ['hook', 'sms'], 0],
    ['not_opened', ['hook', 'sms'], 1],
  ] as const)('%s, of a user with %s, is taken %i times', async (after, providers, times) => {
    world.settings.fallbacks = [{ after, afterMs: 1000, channel: 'sms' }];
    await devices(providers);
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await minutes(5);
    expect(sentBy().filter((provider) => provider === 'sms')).toHaveLength(times);
    expect(world.told()).not.toContain('no_device@1');
    const end = times === 1 ? 'accepted_by_provider@1 sms' : 'fallback_not_needed@1 sms';
    expect(world.told()).toContain(end);
  });

  test('failed waits for the attempts, and is taken when the last has failed', async () => {
    world.settings.fallbacks = [{ after: 'failed', afterMs: 0, channel: 'sms' }];
    await devices(['hook', 'sms']);
    let tries = 0;
    world.answer = ({ provider }) => {
      if (provider === 'sms') return { outcome: 'accepted' };
      tries += 1;
      return tries < 3
        ? { outcome: 'retry', reason: 'busy', afterMs: minuteMs }
        : { outcome: 'rejected', reason: 'payload', detail: 'no' };
    };
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await world.clock.advance(minuteMs + 500);
    expect(sentBy()).toEqual(['hook', 'hook']);
    await minutes(3);
    expect(sentBy()).toEqual(['hook', 'hook', 'hook', 'sms']);
  });

  test('failed is not taken when a later attempt succeeds', async () => {
    world.settings.fallbacks = [{ after: 'failed', afterMs: 0, channel: 'sms' }];
    await devices(['hook', 'sms']);
    world.answer = ({ attempt }) =>
      attempt === 1 ? { outcome: 'retry', reason: 'busy', afterMs: minuteMs } : { outcome: 'accepted' };
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await minutes(10);
    expect(sentBy()).toEqual(['hook', 'hook']);
    expect(world.told().at(-1)).toBe('fallback_not_needed@1 sms');
  });

  test('failed is taken when the service says later that it could not deliver', async () => {
    world.settings.fallbacks = [{ after: 'failed', afterMs: 10 * minuteMs, channel: 'sms' }];
    await devices(['hook', 'sms']);
    const process = await startProcess(world);
    process.schedule(app, await missed(), now);
    await minutes(1);
    const deliveryId = world.sent[0]?.delivery.id ?? '';
    await process.receipts.take(app, { provider: 'hook', plugin: 'webhook' }, [{ deliveryId, event: 'failed' }]);
    await minutes(10);
    expect(sentBy()).toEqual(['hook', 'sms']);
  });

  test('no_device, and then not_opened, pushes once to a channel that both name', async () => {
    world.settings.fallbacks = [{ after: 'no_device', afterMs: 0, channel: 'sms' }, sms];
    await devices(['sms']);
    const { schedule } = await startProcess(world);
    schedule(app, await missed(), now);
    await minutes(30);
    expect(sentBy()).toEqual(['sms']);
  });
});

test('a process that is killed while a step waits leaves it to the next one, which takes it once', async () => {
  await devices(['hook', 'sms']);
  const first = await startProcess(world);
  first.schedule(app, await missed(), now);
  await minutes(5);
  first.kill();
  await startProcess(world);
  await minutes(30);
  expect(sentBy()).toEqual(['hook', 'sms']);
});

test('a process that is killed right after a step reserved its channel does it again, and no other does', async () => {
  await devices(['hook', 'sms']);
  const first = await startProcess(world, { killAt: { effect: 'send', when: 'before' } });
  first.kill();
  const second = await startProcess(world);
  second.schedule(app, await missed(), now);
  await minutes(5);
  second.kill();
  const third = await startProcess(world, { killAt: { effect: 'send', when: 'before' } });
  await minutes(6);
  expect(sentBy()).toEqual(['hook']);
  third.kill();
  await startProcess(world);
  await minutes(30);
  expect(sentBy()).toEqual(['hook', 'sms']);
});
