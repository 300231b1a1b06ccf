// Reading and changing preferences, alone and by several at once, and what a node keeps at hand of them.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { TestBusHub } from '../../../test/support/test-bus.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { asAppId } from '../../ports/app-id.ts';
import { createPreferenceCache } from './preference-cache.ts';
import { createPreferences } from './preferences.ts';

const app = asAppId('demo');
const quietHours = { from: '22:00', to: '07:00', timeZone: 'Asia/Shanghai' };

function setUp() {
  const clock = createVirtualClock();
  const { preferences: store } = createMemoryStores();
  return { clock, store, preferences: createPreferences({ store, clock, maxConversations: 1000 }) };
}

describe('preferences', () => {
  it('are, of a user who never set any, that all is pushed', async () => {
    expect(await setUp().preferences.get(app, 'bob')).toEqual({ level: 'all', conversations: {} });
  });

  it('are merged and answered whole', async () => {
    const { preferences } = setUp();
    const muteUntil = '2026-03-01T10:00:00+08:00';
    await preferences.change(app, 'bob', { quietHours, conversations: { c1: { level: 'mentions', muteUntil } } });
    await preferences.change(app, 'bob', { level: 'mentions', conversations: { c2: { level: 'none' } } });
    const whole = {
      level: 'mentions',
      quietHours,
      conversations: {
        c1: { level: 'mentions', muteUntil: '2026-03-01T02:00:00.000Z' },
        c2: { level: 'none' },
      },
    };
    expect(await preferences.change(app, 'bob', {})).toEqual(whole);
    expect(await preferences.get(app, 'bob')).toEqual(whole);
  });

  it('are taken away by null', async () => {
    const { preferences } = setUp();
    const muteUntil = '2027-01-01T00:00:00.000Z';
    const conversations = { c1: { level: 'none' as const, muteUntil }, c2: { muteUntil }, c3: { muteUntil } };
    await preferences.change(app, 'bob', { quietHours, conversations });
    const change = { quietHours: null, conversations: { c1: { level: null }, c2: { muteUntil: null }, c3: null } };
    expect(await preferences.change(app, 'bob', change)).toEqual({
      level: 'all',
      conversations: { c1: { muteUntil } },
    });
  });

  it('forget mutes that are over, but not one that was just given', async () => {
    const { preferences, clock } = setUp();
    const over = new Date(clock.now() - 1).toISOString();
    const given = { conversations: { c1: { muteUntil: over } } };
    expect(await preferences.change(app, 'bob', given)).toMatchObject(given);
    expect(await preferences.change(app, 'bob', {})).toEqual({ level: 'all', conversations: {} });
  });

  it('refuse a zone that does not exist, and more conversations than anybody has', async () => {
    const { preferences } = setUp();
    await expect(
      preferences.change(app, 'bob', { quietHours: { ...quietHours, timeZone: 'Europe/Atlantis' } }),
    ).rejects.toMatchObject({ code: 'invalid_body', path: ['quietHours', 'timeZone'] });
    const many = Array.from({ length: 1001 }, (_, n) => [`c${n}`, { level: 'none' as const }] as const);
    await expect(preferences.change(app, 'bob', { conversations: Object.fromEntries(many) })).rejects.toMatchObject({
      code: 'too_large',
      path: ['conversations'],
    });
    expect(await preferences.get(app, 'bob')).toEqual({ level: 'all', conversations: {} });
  });

  it('lose nothing when two devices change them at once', async () => {
    const { preferences } = setUp();
    const ids = ['c1', 'c2', 'c3', 'c4'];
    await Promise.all(ids.map((id) => preferences.change(app, 'bob', { conversations: { [id]: { level: 'none' } } })));
    expect(Object.keys((await preferences.get(app, 'bob')).conversations).toSorted()).toEqual(ids);
  });
});

describe('what a node keeps at hand', () => {
  it('is dropped when this node or another changes it', async () => {
    const { store, clock } = setUp();
    const hub = new TestBusHub({ clock });
    const buses = [hub.connect('n1'), hub.connect('n2')];
    const [here, there] = buses.map((bus) => createPreferenceCache({ store, bus, clock }));
    const levelAt = async (cache: typeof here) => (await cache?.ofUsers(app, ['bob']))?.get('bob')?.preferences.level;
    expect([await levelAt(here), await levelAt(there)]).toEqual([undefined, undefined]);
    await here?.put(app, { userId: 'bob', version: 1, preferences: { level: 'none', conversations: {} } });
    await clock.advance(10);
    expect([await levelAt(here), await levelAt(there)]).toEqual(['none', 'none']);
    await there?.put(app, { userId: 'bob', version: 2, preferences: { level: 'mentions', conversations: {} } });
    await clock.advance(10);
    expect([await levelAt(here), await levelAt(there)]).toEqual(['mentions', 'mentions']);
  });

  it('is read from the store once', async () => {
    const { store, clock } = setUp();
    let reads = 0;
    const counted = {
      ...store,
      ofUsers: (...args: Parameters<typeof store.ofUsers>) => (reads++, store.ofUsers(...args)),
    };
    const cache = createPreferenceCache({ store: counted, bus: new TestBusHub({ clock }).connect('n1'), clock });
    for (let n = 0; n < 3; n += 1) await cache.ofUsers(app, ['bob', 'carol']);
    expect(reads).toBe(1);
  });
});
