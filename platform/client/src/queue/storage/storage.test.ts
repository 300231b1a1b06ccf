// Every storage of the queue by one contract, and what happens when one of them fails.
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createClientClock } from '../../../test/support/client-clock.ts';
import { createMemoryStorage } from '../../../test/support/memory-storage.ts';
import type { KeyValue, QueueStorage, StoredDraft } from '../../types.ts';
import { createIndexedDbStorage } from './indexed-db.ts';
import { createKeyValueStorage } from './key-value.ts';
import { createLayeredStorage } from './layered.ts';

beforeEach(() => void vi.stubGlobal('IDBKeyRange', IDBKeyRange));

function draft(cid: string, order: number, owner = 'demo/alice'): StoredDraft {
  return {
    owner,
    cid,
    order,
    queuedAt: 1,
    draft: { conversationId: 'c1', type: 'text', content: { text: cid } },
  };
}

function keyValue(): KeyValue & { texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get: (key) => texts.get(key) ?? null,
    set: (key, value) => void texts.set(key, value),
    remove: (key) => void texts.delete(key),
  };
}

function refusing(): QueueStorage {
  const refuse = (): Promise<never> => Promise.reject(new Error('refused'));
  return { load: refuse, put: refuse, remove: refuse };
}

const kinds: Record<string, () => QueueStorage> = {
  memory: createMemoryStorage,
  'key and value': () => createKeyValueStorage(keyValue()),
  IndexedDB: () => createIndexedDbStorage(new IDBFactory(), createClientClock()),
  layered: () => createLayeredStorage([refusing(), createMemoryStorage()]),
};

describe.each(Object.entries(kinds))('%s', (_name, create) => {
  it('gives back the messages that were put, in order, whole and of this owner alone', async () => {
    const storage = create();
    const failed = { ...draft('b', 1), error: { code: 'too_old', message: 'x' } };
    for (const each of [draft('a', 2), failed, draft('a', 3, 'demo/alice2'), draft('c', 9, 'demo/bob')]) {
      await storage.put(each);
    }
    expect(await storage.load('demo/alice')).toEqual([failed, draft('a', 2)]);
    expect(await storage.load('nobody')).toEqual([]);
  });

  it('puts one cid once, and removes it', async () => {
    const storage = create();
    await storage.put(draft('a', 1));
    await storage.put(draft('a', 5));
    expect(await storage.load('demo/alice')).toEqual([draft('a', 5)]);
    await storage.remove('demo/alice', 'a');
    await storage.remove('demo/alice', 'a');
    expect(await storage.load('demo/alice')).toEqual([]);
  });

  it('takes calls in the order they were made', async () => {
    const storage = create();
    await Promise.all([
      storage.put(draft('a', 1)),
      storage.remove('demo/alice', 'a'),
      storage.put(draft('b', 2)),
      storage.put(draft('c', 3)),
    ]);
    expect((await storage.load('demo/alice')).map(({ cid }) => cid)).toEqual(['b', 'c']);
  });
});

describe('IndexedDB', () => {
  it('opens again when the browser closed it', async () => {
    const factory = new IDBFactory();
    const storage = createIndexedDbStorage(factory, createClientClock());
    await storage.put(draft('a', 1));
    storage.close();
    expect(await storage.load('demo/alice')).toEqual([draft('a', 1)]);
  });

  it('is given up when it does not answer', async () => {
    const clock = createClientClock();
    const silent = { open: () => ({}) } as unknown as IDBFactory;
    const load = createIndexedDbStorage(silent, clock).load('demo/alice');
    const gaveUp = expect(load).rejects.toThrow('does not answer');
    await clock.advance(5000);
    await clock.advance(5000);
    await gaveUp;
  });
});

describe('key and value', () => {
  it('rejects when the text is not kept', async () => {
    const forgetful = createKeyValueStorage({ ...keyValue(), set: () => undefined });
    await expect(forgetful.put(draft('a', 1))).rejects.toThrow('not kept');
  });

  it('takes a store that it cannot read for empty', async () => {
    const broken = keyValue();
    broken.texts.set('belfry.queue:demo/alice', '[{"cid"');
    expect(await createKeyValueStorage(broken).load('demo/alice')).toEqual([]);
  });
});

describe('layered', () => {
  it('keeps a message in the next store when one refuses it, and finds it again when the first works', async () => {
    const first = createMemoryStorage();
    const second = createMemoryStorage();
    const full = vi.spyOn(first, 'put').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
    const storage = createLayeredStorage([first, second]);
    await storage.put(draft('a', 1));
    await storage.put(draft('b', 2));
    expect(full).toHaveBeenCalledTimes(2);
    expect(await second.load('demo/alice')).toEqual([draft('a', 1)]);
    expect(await storage.load('demo/alice')).toEqual([draft('a', 1), draft('b', 2)]);
    await storage.remove('demo/alice', 'a');
    expect(await second.load('demo/alice')).toEqual([]);
  });

  it('leaves no older copy in a store that refused the newer', async () => {
    const first = createMemoryStorage();
    const storage = createLayeredStorage([first, createMemoryStorage()]);
    await storage.put(draft('a', 1));
    vi.spyOn(first, 'put').mockRejectedValueOnce(new Error('full'));
    await storage.put(draft('a', 7));
    expect(await storage.load('demo/alice')).toEqual([draft('a', 7)]);
  });
});
