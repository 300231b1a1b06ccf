// Simulations: what is said under a change is what explain says once the change was made, of requests and of the
// newest messages; and a simulation changes nothing.

import type { BroadcastRequest, Kind, Preferences, ReasonCounts } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { byKey, startConversation } from '../../test/support/conversation.ts';
import { chatFeatures, textRequest } from '../../test/support/messaging.ts';
import type { Changes } from './simulate.ts';

type World = Awaited<ReturnType<typeof startConversation>>;
const text = textRequest('c1', 'alice');
const muted: Preferences = { level: 'none', conversations: {} };
const quiet: Preferences = {
  level: 'all',
  quietHours: { from: '22:00', to: '23:30', timeZone: 'UTC' },
  conversations: {},
};

/** Bob has a connection and a phone. */
async function start(): Promise<World> {
  const world = await startConversation();
  await world.one.connect('bob', { features: chatFeatures });
  await world.addDevice('bob');
  return world;
}

async function simulated({ one, app }: World, changes: Changes, requests: BroadcastRequest[] = [text]) {
  return await one.simulator.requests(app, requests, { changes, patternOf: (page) => page });
}

const explained = async ({ one, app }: World, request: BroadcastRequest = text): Promise<ReasonCounts> =>
  (await one.broadcasting.explain(app, request, byKey)).counts;

describe('a simulation', () => {
  test('with nothing changed says what explain says, and leaves nothing behind', async () => {
    const world = await start();
    const { stores, app, one } = world;
    const counts = await explained(world);
    const simulation = await simulated(world, {});
    expect(simulation).toMatchObject({ now: counts, changed: counts, differences: [], isCut: false });
    expect((await stores.messages.heads(app, ['c:c1'])).get('c:c1')).toMatchObject({ seq: 0 });
    expect(one.pushes).toEqual([]);
    expect(one.facts.of('message.accepted')).toEqual([]);
  });

  test('of preferences says what they do once they are set', async () => {
    const world = await start();
    const { changed, differences } = await simulated(world, { preferences: new Map([['bob', muted]]) });
    await world.stores.preferences.put(world.app, { userId: 'bob', version: 1, preferences: muted });
    expect(changed).toEqual(await explained(world));
    expect(differences).toEqual([
      { reason: 'preference_off', now: 0, changed: 1 },
      { reason: 'waiting_for_ack', now: 1, changed: 0 },
    ]);
    // They hold for who is not named, too.
    const others = await simulated(world, { preferencesOfOthers: { level: 'all', conversations: {} } });
    expect(others.changed).toMatchObject({ waiting_for_ack: 1 });
  });

  test('of another time of day says whose quiet hours it is then', async () => {
    const world = await start();
    await world.stores.preferences.put(world.app, { userId: 'bob', version: 1, preferences: quiet });
    const at = (hour: string) => Date.parse(`2026-01-01T${hour}:00.000Z`);
    expect((await simulated(world, { atMs: at('12:00') })).changed).toMatchObject({ waiting_for_ack: 1 });
    expect((await simulated(world, { atMs: at('22:30') })).changed).toMatchObject({ quiet_hours_deferred: 1 });
  });

  test('of a kind says what it does once it is there, and is refused now', async () => {
    const world = await start();
    const kind: Kind = {
      ...{ kind: 'lab', action: 'lab_results', audience: 'users', durable: 'inbox' },
      policy: { push: 'always', realtime: 'none' },
    };
    const request = { kind: 'lab', audience: { users: ['bob'] }, data: { title: 'x' } };
    const [item] = (await simulated(world, { kinds: [kind] }, [request])).items;
    expect(item).toMatchObject({ refused: { code: 'unknown_kind' }, recipients: 1 });
    await world.one.kinds.put(world.app, kind);
    expect(item?.changed).toEqual(await explained(world, request));
  });

  test('of a policy changes the fields that are given, and no other', async () => {
    const world = await start();
    const policies = new Map([['message', { push: 'never' as const, realtime: undefined }]]);
    expect((await simulated(world, { policies })).changed).toEqual({ sent: 1, policy_never: 2, no_connection: 1 });
  });

  test('of pages, providers and fall-backs says where it would go', async () => {
    const world = await start();
    const pages = new Map([['/chat', []]]);
    expect((await simulated(world, { pages })).changed).toMatchObject({ feature_off_on_page: 1 });
    expect((await simulated(world, { pages: new Map([['/other', []]]) })).differences).toEqual([]);
    const off = await simulated(world, { providers: new Map([['hook', 'off']]) });
    expect(off.changed).toMatchObject({ no_provider_for_device: 1 });
    await world.addDevice('bob', 'mobile', 'sms');
    const fallbacks = [{ after: 'not_opened' as const, afterMs: 60_000, provider: 'sms' }];
    const both = await simulated(world, { providers: new Map([['sms', 'on']]), fallbacks });
    expect(both.changed).toMatchObject({ waiting_for_ack: 1, fallback_waiting: 1 });
    expect(both.pushes).toEqual([
      { provider: 'hook', reason: 'waiting_for_ack', now: 1, changed: 1 },
      { provider: 'sms', reason: 'fallback_waiting', now: 0, changed: 1 },
      { provider: 'sms', reason: 'no_provider_for_device', now: 1, changed: 0 },
    ]);
  });

  test('of the newest messages says what was decided then, now, and with the changes', async () => {
    const world = await start();
    const { one, app, carry } = world;
    await carry(text);
    await carry(textRequest('c1', 'alice', 'again'));
    const given = { changes: { preferences: new Map([['bob', muted]]) }, patternOf: (page: string) => page };
    const then = { sent: 7 };
    const { items, ...sums } = await one.simulator.newest(app, 2, { ...given, decidedThen: async () => then });
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ then, now: { waiting_for_ack: 1 }, changed: { preference_off: 1 } });
    expect(sums).toMatchObject({ then: { sent: 14 }, changed: { preference_off: 2 } });
    const [first] = (await one.simulator.newest(app, 1, { ...given, decidedThen: async () => undefined })).items;
    expect(first).not.toHaveProperty('then');
  });

  test('says of each request that is refused why, and goes on', async () => {
    const world = await start();
    const { items } = await simulated(world, {}, [{ ...text, kind: 'nothing' }, text]);
    expect(items[0]).toEqual({ refused: { code: 'unknown_kind', message: expect.any(String) } });
    expect(items[1]).toMatchObject({ recipients: 2 });
  });
});
