import { setImmediate } from 'node:timers/promises';
import type { PagePolicyInput } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { asAppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { PageStore, PageVersion } from '../ports/stores/index.ts';
import { createPages } from './pages.ts';

const app = asAppId('demo');
const chat: PagePolicyInput = {
  pattern: '/chat',
  enabled: true,
  requireAuth: true,
  autoConnect: true,
  connectionType: 'chat',
  features: ['messaging'],
};
const wide = { ...chat, features: ['messaging', 'voice_note'] };

function memoryStore(): PageStore & { versions: PageVersion[] } {
  const versions: PageVersion[] = [];
  const of = (pattern: string) => versions.filter((each) => each.policy.pattern === pattern);
  const current = (pattern: string) => {
    const newest = of(pattern).at(-1);
    return newest === undefined || newest.removed ? undefined : newest.policy;
  };
  return {
    versions,
    list: async () =>
      [...new Set(versions.map(({ policy }) => policy.pattern))].flatMap((pattern) => current(pattern) ?? []),
    get: async (_app, pattern) => current(pattern),
    put: async (_app, version) => {
      const newest = of(version.policy.pattern).at(-1)?.policy.version ?? 0;
      if (version.policy.version !== newest + 1) return false;
      versions.push(version);
      return true;
    },
    history: async (_app, pattern, { beforeVersion = Infinity, limit }) =>
      of(pattern)
        .filter(({ policy }) => policy.version < beforeVersion)
        .toReversed()
        .slice(0, limit),
  };
}

function still(): Clock & { advance(ms: number): void } {
  let due: { at: number; run: () => void }[] = [];
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  return {
    now: () => now,
    monotonic: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run };
      due.push(timer);
      return { cancel: () => (due = due.filter((each) => each !== timer)) };
    },
    advance(ms) {
      now += ms;
      const ready = due.filter(({ at }) => at <= now);
      due = due.filter(({ at }) => at > now);
      for (const { run } of ready) run();
    },
  };
}

function twoNodes() {
  const store = memoryStore();
  const clock = still();
  const bus = new TestBusHub({ clock });
  return {
    store,
    bus,
    clock,
    here: createPages({ store, bus: bus.connect('a'), clock }),
    there: createPages({ store, bus: bus.connect('b'), clock }),
  };
}

const settled = () => setImmediate();

describe('page policies', () => {
  it('answers an app without any with the built-in default', async () => {
    const { here } = twoNodes();
    expect(here.setNow(app)).toBeUndefined();
    const set = await here.set(app);
    expect(set.policies).toEqual([]);
    expect(set.resolve('/chat').policy).toMatchObject({ pattern: 'default', enabled: false, version: 0 });
  });

  it('keeps who changed what and when as versions', async () => {
    const { here } = twoNodes();
    expect(await here.put(app, chat, 'key:backend')).toMatchObject({ created: true, policy: { version: 1 } });
    expect(await here.put(app, wide, 'key:backend')).toMatchObject({ created: false, policy: { version: 2 } });
    const history = await here.history(app, '/chat', { limit: 10 });
    expect(history.map(({ policy }) => [policy.version, policy.updatedBy, policy.features.length])).toEqual([
      [2, 'key:backend', 2],
      [1, 'key:backend', 1],
    ]);
  });

  it('makes no version of a change that changes nothing', async () => {
    const { here, store } = twoNodes();
    await here.put(app, chat, 'a');
    expect(await here.put(app, chat, 'b')).toMatchObject({ created: false, policy: { version: 1, updatedBy: 'a' } });
    expect(store.versions).toHaveLength(1);
  });

  it('goes back to an earlier version as a new one', async () => {
    const { here } = twoNodes();
    await here.put(app, chat, 'a');
    await here.put(app, wide, 'a');
    expect(await here.revert(app, { pattern: '/chat', version: 1 }, 'b')).toMatchObject({
      version: 3,
      features: ['messaging'],
      updatedBy: 'b',
    });
    await expect(here.revert(app, { pattern: '/chat', version: 9 }, 'b')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('continues the versions of a page that was removed and made again', async () => {
    const { here } = twoNodes();
    await here.put(app, chat, 'a');
    expect(await here.remove(app, '/chat', 'a')).toBe(true);
    expect(await here.remove(app, '/chat', 'a')).toBe(false);
    expect((await here.set(app)).policies).toEqual([]);
    expect(await here.put(app, chat, 'a')).toMatchObject({ created: true, policy: { version: 3 } });
  });

  it('leaves what the provision file manages alone', async () => {
    const { here, store } = twoNodes();
    await here.put(app, chat, 'a');
    here.manage(app, ['/chat']);
    await expect(here.put(app, wide, 'a')).rejects.toMatchObject({ code: 'managed_by_file' });
    await expect(here.remove(app, '/chat', 'a')).rejects.toMatchObject({ code: 'managed_by_file' });
    await expect(here.revert(app, { pattern: '/chat', version: 1 }, 'a')).rejects.toMatchObject({
      code: 'managed_by_file',
    });
    expect(store.versions).toHaveLength(1);
  });

  it('stores both of two changes made at once', async () => {
    const { here, there, store } = twoNodes();
    await Promise.all([here.put(app, chat, 'a'), there.put(app, wide, 'b')]);
    expect(store.versions.map(({ policy }) => policy.version)).toEqual([1, 2]);
  });
});

describe('a change', () => {
  it('reaches the listeners of every node', async () => {
    const { here, there } = twoNodes();
    await Promise.all([here.set(app), there.set(app)]);
    const heard: string[] = [];
    here.onChange((_app, set) => heard.push(`here ${set.policies.length}`));
    there.onChange((_app, set) => heard.push(`there ${set.policies.length}`));
    await here.put(app, chat, 'a');
    await settled();
    expect(heard).toEqual(['here 1', 'there 1']);
    expect(there.setNow(app)?.resolve('/chat').features.has('messaging')).toBe(true);
  });

  it('that the bus lost is found when the bus is back', async () => {
    const { here, there, bus } = twoNodes();
    await Promise.all([here.set(app), there.set(app)]);
    bus.down();
    await here.put(app, chat, 'a');
    await settled();
    expect(there.setNow(app)?.policies).toEqual([]);
    bus.up();
    await settled();
    expect(there.setNow(app)?.policies).toHaveLength(1);
  });

  it('that the bus lost without anybody noticing is found within ten seconds', async () => {
    const { here, there, bus, clock } = twoNodes();
    there.start();
    await Promise.all([here.set(app), there.set(app)]);
    bus.down();
    await here.put(app, chat, 'a');
    clock.advance(10_000);
    await settled();
    expect(there.setNow(app)?.policies).toHaveLength(1);
    await there.stop();
  });
});

describe('a resolved page', () => {
  it('is the same object until its policy changes', async () => {
    const { here } = twoNodes();
    await here.put(app, chat, 'a');
    const first = (await here.set(app)).resolve('/chat/');
    const elsewhere = (await here.set(app)).resolve('/nowhere');
    await here.put(app, { ...chat, pattern: '/admin/*' }, 'a');
    expect((await here.set(app)).resolve('/chat')).toBe(first);
    expect((await here.set(app)).resolve('/nowhere')).toBe(elsewhere);
    await here.put(app, wide, 'a');
    const second = (await here.set(app)).resolve('/chat');
    expect(second.policy).not.toBe(first.policy);
    expect([...second.features]).toEqual(['messaging', 'voice_note']);
  });

  it('shares policy and features between the paths of one pattern', async () => {
    const { here } = twoNodes();
    await here.put(app, { ...chat, pattern: '/chat/:id' }, 'a');
    const set = await here.set(app);
    const [one, two] = [set.resolve('/chat/1'), set.resolve('/chat/2')];
    expect(one.policy).toBe(two.policy);
    expect(one.features).toBe(two.features);
    expect([one.path, two.path]).toEqual(['/chat/1', '/chat/2']);
  });
});
