import { setImmediate } from 'node:timers/promises';
import type { PagePolicyInput } from '@belfry/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RecordedFacts } from '../../test/support/recorded-facts.ts';
import { newApp } from '../../test/support/samples.ts';
import { TestBusHub } from '../../test/support/test-bus.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { asAppId, type AppId } from '../ports/app-id.ts';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import type { PageStore, PageVersion } from '../ports/stores/index.ts';
import { Pages } from './pages.ts';

const limits = { pagesPerApp: 3, pageVersions: 5 };

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

const pageVersion = (policy: PagePolicyInput): PageVersion => ({
  policy: { ...policy, version: 1, updatedAt: '2026-01-01T00:00:00.000Z', updatedBy: 'a' },
  removed: false,
});

/** With what was put so far. */
function memoryStore(): PageStore & { versions: PageVersion[] } {
  const versions: PageVersion[] = [];
  const { pages } = createMemoryStores();
  return {
    versions,
    list: (of) => pages.list(of),
    history: (of, pattern, page) => pages.history(of, pattern, page),
    historyOfAll: (of, page) => pages.historyOfAll(of, page),
    put: async (of, version, keep) => {
      const isPut = await pages.put(of, version, keep);
      if (isPut) versions.push(version);
      return isPut;
    },
    putAll: async (of, all, keep) => {
      const isPut = await pages.putAll(of, all, keep);
      if (isPut) versions.push(...all);
      return isPut;
    },
  };
}

function twoNodes() {
  const store = memoryStore();
  const clock = createVirtualClock();
  const bus = new TestBusHub({ clock });
  const facts = new RecordedFacts();
  return {
    store,
    bus,
    clock,
    facts,
    here: new Pages({ store, bus: bus.connect('a'), clock, facts, isConnected, limits }),
    there: new Pages({ store, bus: bus.connect('b'), clock, facts, isConnected, limits }),
  };
}

const isConnected = () => false;
const settled = () => setImmediate();

describe('page policies', () => {
  it('are facts when they get a new version, and not when nothing would change', async () => {
    const { here, facts, clock } = twoNodes();
    const input = { ...chat, pattern: '/facts', features: ['messaging'] };
    const change = { type: 'policy.changed', atMs: clock.now(), pattern: '/facts', by: 'ann', removed: false };
    await here.put(app, input, 'ann');
    expect(facts.taken()).toEqual([{ ...change, version: 1 }]);
    await here.put(app, input, 'ben');
    expect(facts.taken()).toEqual([]);
    await here.put(app, { ...input, features: [] }, 'ben');
    await here.revert(app, { pattern: '/facts', version: 1 }, 'ann');
    await here.remove(app, '/facts', 'ben');
    await here.remove(app, '/facts', 'ben');
    expect(facts.taken()).toEqual([
      { ...change, version: 2, by: 'ben' },
      { ...change, version: 3 },
      { ...change, version: 4, by: 'ben', removed: true },
    ]);
  });

  it('answers an app without any with the built-in default', async () => {
    const { here } = twoNodes();
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

  it('are as many as an app may have, however they came to be; changing one is no more', async () => {
    const { here } = twoNodes();
    for (const pattern of ['/a', '/b', '/c']) await here.put(app, { ...chat, pattern }, 'a');
    const tooMany = { code: 'too_many', path: ['pattern'] };
    await expect(here.put(app, { ...chat, pattern: '/d' }, 'a')).rejects.toMatchObject(tooMany);
    await here.put(app, { ...wide, pattern: '/c' }, 'a');
    await here.remove(app, '/c', 'a');
    await here.put(app, { ...chat, pattern: '/d' }, 'a');
    await expect(here.revert(app, { pattern: '/c', version: 1 }, 'a')).rejects.toMatchObject(tooMany);
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

describe('several changes', () => {
  const author = { by: 'Anna', via: 'console', note: 'maintenance' } as const;
  const put = (policy: PagePolicyInput) => ({ op: 'put', policy }) as const;
  const refuse = () => {
    throw new Error('changed meanwhile');
  };

  it('are stored together, with who, how and why, and reported once', async () => {
    const { here, store, facts } = twoNodes();
    await here.put(app, chat, 'a');
    const heard: string[][] = [];
    await here.set(app);
    here.onChange((_app, set) => heard.push(set.policies.map(({ pattern, version }) => `${pattern} ${version}`)));
    const changed = await here.change(
      app,
      [put({ ...chat, pattern: '/a' }), { op: 'remove', pattern: '/chat' }, put({ ...chat, pattern: '/b' })],
      author,
    );
    expect(heard).toEqual([['/a 1', '/b 1']]);
    expect(changed.map(({ pattern, before, after }) => [pattern, before?.version, after?.version])).toEqual([
      ['/a', undefined, 1],
      ['/chat', 1, undefined],
      ['/b', undefined, 1],
    ]);
    expect(store.versions.slice(1)).toEqual([
      {
        policy: expect.objectContaining({ pattern: '/a', updatedBy: 'Anna' }) as unknown,
        removed: false,
        via: 'console',
        note: 'maintenance',
      },
      expect.objectContaining({ removed: true, via: 'console' }),
      expect.objectContaining({ removed: false }),
    ]);
    expect(facts.of('policy.changed').slice(1)).toMatchObject([
      { pattern: '/a' },
      { pattern: '/chat' },
      { pattern: '/b' },
    ]);
  });

  it('are none of them stored where one is refused', async () => {
    const { here, store } = twoNodes();
    await here.put(app, chat, 'a');
    const one = put({ ...chat, pattern: '/a' });
    await expect(here.change(app, [one, { ...put(wide), check: refuse }], author)).rejects.toThrow('meanwhile');
    await expect(here.change(app, [one, { op: 'revert', pattern: '/chat', version: 7 }], author)).rejects.toThrow();
    const many = ['/a', '/b', '/c'].map((pattern) => put({ ...chat, pattern }));
    await expect(here.change(app, many, author)).rejects.toMatchObject({ code: 'too_many' });
    here.manage(app, ['/chat']);
    await expect(here.change(app, [one, put(wide)], author)).rejects.toMatchObject({ code: 'managed_by_file' });
    expect(store.versions).toHaveLength(1);
  });

  it('that change nothing make no version', async () => {
    const { here, store } = twoNodes();
    await here.put(app, chat, 'a');
    expect(await here.change(app, [put(chat), { op: 'remove', pattern: '/none' }], author)).toEqual([]);
    expect(store.versions).toHaveLength(1);
  });

  it('can be looked at before they are made', async () => {
    const { here, store } = twoNodes();
    await here.put(app, chat, 'a');
    const set = await here.preview(app, [{ op: 'remove', pattern: '/chat' }, put({ ...wide, pattern: '/chat/:id' })]);
    expect(set.resolve('/chat').policy.enabled).toBe(false);
    expect([...set.resolve('/chat/7').features]).toEqual(['messaging', 'voice_note']);
    expect(store.versions).toHaveLength(1);
    expect((await here.set(app)).resolve('/chat').policy.enabled).toBe(true);
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
    expect((await there.set(app)).resolve('/chat').features.has('messaging')).toBe(true);
  });

  it('is found when the bus that lost it is back', async () => {
    const { here, there, bus } = twoNodes();
    await Promise.all([here.set(app), there.set(app)]);
    bus.down();
    await here.put(app, chat, 'a');
    await settled();
    expect((await there.set(app)).policies).toEqual([]);
    bus.up();
    await settled();
    expect((await there.set(app)).policies).toHaveLength(1);
  });

  it('is found within ten seconds when the bus lost it unnoticed', async () => {
    const { here, there, bus, clock } = twoNodes();
    there.start();
    await Promise.all([here.set(app), there.set(app)]);
    bus.down();
    await here.put(app, chat, 'a');
    await clock.advance(10_000);
    await settled();
    expect((await there.set(app)).policies).toHaveLength(1);
    await there.stop();
  });
});

describe('an app', () => {
  const setUp = (isHere: (of: AppId) => boolean) => {
    const clock = createVirtualClock();
    const bus = new TestBusHub({ clock }).connect('a');
    const store = memoryStore();
    const reads: AppId[] = [];
    const counted = { ...store, list: (of: AppId) => (reads.push(of), store.list(of)) };
    const pages = new Pages({ store: counted, bus, clock, facts: new RecordedFacts(), isConnected: isHere, limits });
    pages.start();
    onTestFinished(() => pages.stop());
    return { clock, bus, store, reads, pages };
  };

  it('costs no read and no subscription after a minute in which nobody uses it', async () => {
    const { clock, bus, reads, pages } = setUp(() => false);
    const apps = Array.from({ length: 50 }, newApp);
    for (const each of apps) await pages.set(each);
    await clock.advance(60_000);
    expect(reads.length).toBeGreaterThan(50);
    reads.length = 0;
    await clock.advance(600_000);
    expect([reads, bus.subscriptions]).toEqual([[], 0]);
    await pages.set(apps[0] ?? app);
    expect(reads).toEqual([apps[0]]);
  });

  it('stays at hand while it is used', async () => {
    const { clock, reads, pages } = setUp(() => false);
    const rereads = async (): Promise<number> => {
      reads.length = 0;
      await pages.set(app);
      return reads.length;
    };
    await pages.set(app);
    for (let minute = 0; minute < 5; minute += 1) {
      await clock.advance(45_000);
      expect(await rereads()).toBe(0);
    }
  });

  it('with connections here is kept up to date although nobody asks for its pages', async () => {
    const { clock, store, pages } = setUp((of) => of === app);
    await pages.set(app);
    const heard: number[] = [];
    pages.onChange((_app, set) => heard.push(set.policies.length));
    await clock.advance(600_000);
    await store.put(app, pageVersion(chat));
    await clock.advance(10_000);
    expect(heard).toEqual([1]);
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
