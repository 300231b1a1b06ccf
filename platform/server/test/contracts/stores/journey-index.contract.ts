// The contract of the journey index: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { AppId } from '../../../src/ports/app-id.ts';
import type { JourneyEntry, JourneyFilter, JourneyPlace, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

const noSums = { seen: 0, pushed: 0, withheld: 0, failed: 0 };

export function journeyIndexContract(stores: () => Stores): void {
  const entry = (messageId: string, at: number, more: Partial<JourneyEntry> = {}): JourneyEntry => ({
    ...{ messageId, at, kind: 'message', recipients: 1, counts: { sent: 1 }, sums: noSums, facts: 1 },
    ...more,
  });
  const put = (app: AppId, entries: readonly JourneyEntry[]) => stores().journeyIndex.put(app, entries);
  const idsOf = async (app: AppId, filter: JourneyFilter): Promise<string[]> => {
    const { items } = await stores().journeyIndex.list(app, { ...filter, limit: 100, scan: 1000 });
    return items.map(({ messageId }) => messageId);
  };

  describe('the journey index', () => {
    test('is listed from the newest on, page by page, also where many are of one moment', async () => {
      const app = newApp();
      const entries = [1, 2, 2, 2, 3, 5].map((at, index) => entry(`m${index}`, at));
      await put(app, entries.toReversed());
      const found: string[] = [];
      let after: JourneyPlace | undefined;
      do {
        const page = await stores().journeyIndex.list(app, { after, limit: 2, scan: 100 });
        expect(page.items.length).toBeLessThanOrEqual(2);
        found.push(...page.items.map(({ messageId }) => messageId));
        after = page.next;
      } while (after !== undefined);
      expect(found).toEqual(['m5', 'm4', 'm3', 'm2', 'm1', 'm0']);
    });

    test('gives back what was put, whole', async () => {
      const app = newApp();
      const whole = entry('m1', 7, {
        ...{ conversationId: 'c1', senderId: 'alice', stream: 'c:c1', seq: 4, recipients: 2, users: ['bob', 'é"|'] },
        ...{ counts: { acked: 1, target_gone: 1 }, firstSeenMs: 41, resendOf: 'm0', facts: 3 },
      });
      await put(app, [whole]);
      const { items } = await stores().journeyIndex.list(app, { limit: 5, scan: 5 });
      expect(items).toEqual([whole]);
    });

    test('is found by kind, conversation, person, time and reasons', async () => {
      const app = newApp();
      await put(app, [
        entry('m1', 10, {
          conversationId: 'c1',
          senderId: 'alice',
          users: ['bob'],
          counts: { acked_hidden: 1, muted: 2 },
        }),
        entry('m2', 20, { kind: 'lab', users: ['x"bob', 'bo'], counts: { acked: 1, queued: 1 } }),
        entry('m3', 30, { senderId: 'bob', counts: { no_connection: 1, target_gone: 1 } }),
      ]);
      expect(await idsOf(app, { kind: 'lab' })).toEqual(['m2']);
      expect(await idsOf(app, { conversationId: 'c1' })).toEqual(['m1']);
      expect(await idsOf(app, { userId: 'bob' })).toEqual(['m3', 'm1']);
      expect(await idsOf(app, { userId: 'x"bob' })).toEqual(['m2']);
      expect(await idsOf(app, { from: 20 })).toEqual(['m3', 'm2']);
      expect(await idsOf(app, { to: 20 })).toEqual(['m2', 'm1']);
      expect(await idsOf(app, { from: 20, to: 20 })).toEqual(['m2']);
      expect(await idsOf(app, { has: [['acked']] })).toEqual(['m2']);
      expect(await idsOf(app, { has: [['acked', 'muted']] })).toEqual(['m2', 'm1']);
      expect(await idsOf(app, { has: [['acked', 'muted'], ['queued']] })).toEqual(['m2']);
      expect(await idsOf(app, { hasNone: ['queued', 'target_gone'] })).toEqual(['m1']);
      expect(await idsOf(app, { userId: 'bob', has: [['muted']], hasNone: ['queued'], to: 15 })).toEqual(['m1']);
    });

    test('looks at no more entries than it may, and says where it stopped', async () => {
      const app = newApp();
      const rare = (at: number): JourneyEntry => entry(`m${at}`, at, { counts: { quota: 1 } });
      await put(app, [rare(1), entry('m2', 2), entry('m3', 3), entry('m4', 4), rare(5)]);
      const look = (after?: JourneyPlace) =>
        stores().journeyIndex.list(app, { has: [['quota']], after, limit: 10, scan: 2 });
      const first = await look();
      expect(first.items.map(({ messageId }) => messageId)).toEqual(['m5']);
      expect(first.next).toEqual({ at: 4, messageId: 'm4' });
      const second = await look(first.next);
      expect(second).toEqual({ items: [], next: { at: 2, messageId: 'm2' } });
      const third = await look(second.next);
      expect(third).toEqual({ items: [rare(1)] });
    });

    test('what fits is counted by reason and kind, over the newest of the time asked for alone', async () => {
      const app = newApp();
      await put(app, [
        entry('m1', 1, { counts: { quota: 3 } }),
        entry('m2', 2, { kind: 'lab', counts: { acked: 2, quota: 1 } }),
        entry('m3', 3, { counts: { acked: 1 } }),
      ]);
      const count = (query: JourneyFilter & { scan: number }) => stores().journeyIndex.count(app, query);
      expect(await count({ scan: 3 })).toEqual({
        ...{ total: 3, isAtLeast: false },
        by: {
          reason: [
            { value: 'acked', count: 2 },
            { value: 'quota', count: 2 },
          ],
          kind: [
            { value: 'message', count: 2 },
            { value: 'lab', count: 1 },
          ],
        },
      });
      expect(await count({ scan: 2, has: [['quota']] })).toMatchObject({ total: 1, isAtLeast: true });
      expect(await count({ scan: 2, from: 2, has: [['quota']] })).toMatchObject({ total: 1, isAtLeast: false });
      expect(await count({ scan: 9, kind: 'none' })).toMatchObject({ total: 0, by: { reason: [], kind: [] } });
    });

    test('an entry takes the place of one with as many facts or fewer, and of no other', async () => {
      const app = newApp();
      await put(app, [entry('m1', 1, { facts: 2, counts: { queued: 1 } })]);
      await put(app, [entry('m1', 1, { facts: 2, counts: { retrying: 1 } })]);
      expect(await idsOf(app, { has: [['retrying']] })).toEqual(['m1']);
      await put(app, [entry('m1', 1, { facts: 1, counts: { queued: 1 } }), entry('m2', 2)]);
      expect(await idsOf(app, { has: [['queued']] })).toEqual([]);
      await put(app, [entry('m1', 1, { facts: 3, counts: { accepted_by_provider: 1 } })]);
      expect(await idsOf(app, { has: [['accepted_by_provider']] })).toEqual(['m1']);
      expect(await idsOf(app, {})).toEqual(['m2', 'm1']);
    });

    test('pruning takes the oldest first, at most so many', async () => {
      const app = newApp();
      await put(
        app,
        [3, 1, 2, 9].map((at) => entry(`m${at}`, at)),
      );
      expect(await stores().journeyIndex.prune(app, 9, 2)).toBe(2);
      expect(await idsOf(app, {})).toEqual(['m9', 'm3']);
      expect(await stores().journeyIndex.prune(app, 9, 5)).toBe(1);
      expect(await stores().journeyIndex.prune(app, 9, 5)).toBe(0);
    });
  });
}
