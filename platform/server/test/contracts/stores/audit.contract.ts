// The contract of the audit: each driver must keep it.

import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { describe, expect, test } from 'vitest';
import type { AuditEntry, AuditFilter, Stores } from '../../../src/ports/stores/index.ts';

export function sampleAuditEntry(tenant: string, over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ id: uuidv7(), at: 10, actor: { type: 'account', id: 'anna', name: 'Anna Li' }, via: 'console', tenant },
    ...{ action: 'page.update', app: 'demo', object: { type: 'page', id: '/chat:id' } },
    ...{ before: { features: ['a'] }, after: { features: [] }, address: '10.0.0.9', requestId: 'r' },
    ...over,
  };
}

export function auditContract(stores: () => Stores): void {
  describe('audit', () => {
    test('entries of a tenant are listed newest first, page by page, and read one by one', async () => {
      const { audit } = stores();
      const tenant = `tenant-${randomUUID()}`;
      const entries = Array.from({ length: 5 }, () => sampleAuditEntry(tenant));
      for (const each of entries) await audit.append(each);
      await audit.append(sampleAuditEntry(`other-${tenant}`));
      const newestFirst = entries.toReversed();
      const first = await audit.list(tenant, { limit: 3 });
      expect(first.items).toEqual(newestFirst.slice(0, 3));
      const rest = await audit.list(tenant, { after: first.next, limit: 3 });
      expect(rest).toEqual({ items: newestFirst.slice(3) });
      const [one] = entries;
      expect(await audit.get(tenant, one?.id ?? '')).toEqual(one);
      expect(await audit.get(`other-${tenant}`, one?.id ?? '')).toBeUndefined();
    });

    test('each filter finds the entries that it says, and all together what fits all', async () => {
      const { audit } = stores();
      const tenant = `tenant-${randomUUID()}`;
      const one = sampleAuditEntry(tenant);
      const { app, ...without } = sampleAuditEntry(tenant, {
        action: 'member.update',
        object: { type: 'member', id: 'bo' },
      });
      const two: AuditEntry = { ...without, at: 20, actor: { type: 'file', id: 'n1', name: 'Start of 100%.*' } };
      expect(app).toBe('demo');
      for (const each of [one, two]) await audit.append(each);
      const found = async (filter: AuditFilter) =>
        (await audit.list(tenant, { limit: 9, ...filter })).items.map(({ id }) => (id === one.id ? 1 : 2)).toSorted();
      const cases: [AuditFilter, number[]][] = [
        [{}, [1, 2]],
        [{ actor: 'anna' }, [1]],
        [{ action: 'page.update' }, [1]],
        [{ action: 'page' }, []],
        [{ action: 'page.*' }, [1]],
        [{ action: '*' }, [1, 2]],
        [{ object: 'member' }, [2]],
        [{ object: 'page:/chat:id' }, [1]],
        [{ object: 'page:/chat' }, []],
        [{ app: 'demo' }, [1]],
        [{ ofApps: true }, [1]],
        [{ from: 11 }, [2]],
        [{ from: 10, to: 10 }, [1]],
        [{ to: 20 }, [1, 2]],
        [{ q: 'ANNA li' }, [1]],
        [{ q: '100%.*' }, [2]],
        [{ q: '.*' }, [2]],
        [{ actor: 'anna', action: 'page.*', app: 'demo', from: 1, to: 10, q: 'chat' }, [1]],
        [{ actor: 'anna', from: 11 }, []],
      ];
      for (const [filter, expected] of cases) expect(await found(filter), JSON.stringify(filter)).toEqual(expected);
    });

    test('what fits is counted by whom, what and which app, over the newest entries alone', async () => {
      const { audit } = stores();
      const tenant = `tenant-${randomUUID()}`;
      const { app: _app, ...ofNoApp } = sampleAuditEntry(tenant, { action: 'member.update' });
      await audit.append(ofNoApp);
      const bo = { type: 'account', id: 'bo', name: 'Bo' } as const;
      for (const actor of [bo, bo]) await audit.append(sampleAuditEntry(tenant, { actor }));
      await audit.append(sampleAuditEntry(tenant));
      await audit.append(sampleAuditEntry(`other-${tenant}`));
      const all = await audit.count(tenant, { scan: 4 });
      expect(all).toEqual({
        ...{ total: 4, isAtLeast: false },
        by: {
          actor: [
            { value: 'anna', count: 2 },
            { value: 'bo', count: 2 },
          ],
          action: [
            { value: 'page.update', count: 3 },
            { value: 'member.update', count: 1 },
          ],
          app: [{ value: 'demo', count: 3 }],
        },
      });
      expect(await audit.count(tenant, { scan: 3, actor: 'anna' })).toMatchObject({ total: 1, isAtLeast: true });
      expect(await audit.count(tenant, { scan: 9, actor: 'anna', ofApps: true })).toMatchObject({ total: 1 });
      expect(await audit.count(`none-${tenant}`, { scan: 9 })).toMatchObject({ total: 0, isAtLeast: false });
    });

    test('the oldest go first, no more than asked', async () => {
      const { audit } = stores();
      const tenant = `tenant-${randomUUID()}`;
      // In times that no other test is in.
      for (const at of [-20, -30, -10]) await audit.append(sampleAuditEntry(tenant, { at }));
      expect(await audit.prune(-15, 1)).toBe(1);
      expect((await audit.list(tenant, { limit: 9 })).items.map(({ at }) => at).toSorted()).toEqual([-10, -20]);
      expect(await audit.prune(-15, 9)).toBe(1);
    });
  });
}
