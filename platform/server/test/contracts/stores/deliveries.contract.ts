// The contract of deliveries that were accepted, and of what fall-backs reserve: each driver must keep it.

import { describe, expect, test } from 'vitest';
import type { DeliveryRecord, Reservation, Stores } from '../../../src/ports/stores/index.ts';
import { newApp } from '../../support/samples.ts';

export const sampleDeliveryRecord = (given: Partial<DeliveryRecord> = {}): DeliveryRecord => ({
  ...{ id: 'd1', provider: 'sms', userId: 'alice', acceptedAt: 5 },
  about: { messageId: 'm1', stream: 'c:c1', seq: 1 },
  device: { id: 'phone', deviceType: 'mobile' },
  ...given,
});

export const sampleReservation = (given: Partial<Reservation> = {}): Reservation => ({
  ...{ key: 'sms c:c1 alice', userId: 'alice', owner: 'one', through: 3, at: 5 },
  ...given,
});

export function deliveriesContract(stores: () => Stores): void {
  const ids = (found: readonly DeliveryRecord[]): string[] => found.map(({ id }) => id).toSorted();

  describe('deliveries', () => {
    test('a delivery is found by its id and by the name that its provider has for it', async () => {
      const app = newApp();
      const [plain, named] = [
        sampleDeliveryRecord({ id: 'a' }),
        sampleDeliveryRecord({ id: 'b', providerMessageId: 'x' }),
      ];
      await stores().deliveries.put(app, [plain, named]);
      const of = { provider: 'sms', providerMessageIds: ['x', 'y'] };
      expect(await stores().deliveries.find(app, { ids: ['a', 'c'] })).toEqual([{ ...plain, events: [] }]);
      expect(await stores().deliveries.find(app, { ids: [], of })).toEqual([{ ...named, events: [] }]);
      expect(ids(await stores().deliveries.find(app, { ids: ['a', 'b'], of }))).toEqual(['a', 'b']);
      expect(await stores().deliveries.find(app, { ids: [], of: { ...of, provider: 'push' } })).toEqual([]);
    });

    test('of a name that several have, the newest is found', async () => {
      const app = newApp();
      const same = { providerMessageId: 'x' };
      const [old, newest] = [
        sampleDeliveryRecord({ ...same, id: 'z', acceptedAt: 1 }),
        sampleDeliveryRecord({ ...same, id: 'a', acceptedAt: 2 }),
      ];
      await stores().deliveries.put(app, [newest, old]);
      const of = { provider: 'sms', providerMessageIds: ['x'] };
      expect(ids(await stores().deliveries.find(app, { ids: [], of }))).toEqual(['a']);
    });

    test('an id that is there keeps its events, and takes the newer name', async () => {
      const app = newApp();
      await stores().deliveries.put(app, [sampleDeliveryRecord({ providerMessageId: 'x' })]);
      await stores().deliveries.addEvent(app, 'd1', 'delivered');
      await stores().deliveries.put(app, [sampleDeliveryRecord({ acceptedAt: 99, userId: 'bob' })]);
      await stores().deliveries.put(app, [sampleDeliveryRecord({ providerMessageId: 'y' })]);
      expect(await stores().deliveries.find(app, { ids: ['d1'] })).toEqual([
        { ...sampleDeliveryRecord({ providerMessageId: 'y' }), events: ['delivered'] },
      ]);
    });

    test('of many that say the same event at once exactly one gets true', async () => {
      const app = newApp();
      await stores().deliveries.put(app, [sampleDeliveryRecord()]);
      const said = Array.from({ length: 10 }, () => stores().deliveries.addEvent(app, 'd1', 'opened'));
      expect((await Promise.all(said)).filter(Boolean)).toHaveLength(1);
      expect(await stores().deliveries.addEvent(app, 'd1', 'failed')).toBe(true);
      expect(await stores().deliveries.addEvent(app, 'nobody', 'failed')).toBe(false);
      const [found] = await stores().deliveries.find(app, { ids: ['d1'] });
      expect(found?.events.toSorted()).toEqual(['failed', 'opened']);
    });

    test('deliveries of a provider are listed by when they were accepted, page by page', async () => {
      const app = newApp();
      const at = (id: string, acceptedAt: number, provider = 'sms') =>
        sampleDeliveryRecord({ id, acceptedAt, provider });
      await stores().deliveries.put(app, [at('early', 1), at('b', 3), at('a', 3), at('c', 4), at('late', 6)]);
      await stores().deliveries.put(app, [at('other', 3, 'push')]);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const request = { from: 3, before: 6, limit: 2, after };
        const { items, next } = await stores().deliveries.accepted(app, 'sms', request);
        seen.push(...items.map(({ id }) => id));
        after = next;
      } while (after !== undefined);
      expect(seen).toEqual(['a', 'b', 'c']);
    });

    test('what was reserved is reserved again by who reserved it, and by others only further', async () => {
      const app = newApp();
      const reserve = (given: Partial<Reservation>) => stores().deliveries.reserve(app, sampleReservation(given));
      expect(await reserve({})).toEqual({ isMine: true, through: 3 });
      expect(await reserve({})).toEqual({ isMine: true, through: 3 });
      expect(await reserve({ owner: 'two' })).toEqual({ isMine: false, through: 3 });
      expect(await reserve({ owner: 'two', through: 2 })).toEqual({ isMine: false, through: 3 });
      expect(await reserve({ owner: 'two', through: 4 })).toEqual({ isMine: true, through: 4 });
      expect(await reserve({})).toEqual({ isMine: false, through: 4 });
      expect(await reserve({ key: 'another', owner: 'two', through: 1 })).toEqual({ isMine: true, through: 1 });
    });

    test('of many that reserve the same at once exactly one gets it', async () => {
      const app = newApp();
      const asked = Array.from({ length: 8 }, (_, n) =>
        stores().deliveries.reserve(app, sampleReservation({ owner: `owner ${n}` })),
      );
      expect((await Promise.all(asked)).filter(({ isMine }) => isMine)).toHaveLength(1);
    });

    test('what is old is pruned, and what is too much trimmed, the oldest first, at most so many', async () => {
      const app = newApp();
      const all = [1, 2, 3, 4].map((n) => sampleDeliveryRecord({ id: `d${n}`, acceptedAt: n }));
      await stores().deliveries.put(app, all);
      await stores().deliveries.reserve(app, sampleReservation({ at: 1, through: 9 }));
      expect(await stores().deliveries.prune(app, 3, 1)).toBe(2);
      expect(await stores().deliveries.reserve(app, sampleReservation({ at: 7 }))).toEqual({
        isMine: true,
        through: 3,
      });
      expect(await stores().deliveries.prune(app, 3, 9)).toBe(1);
      expect(await stores().deliveries.trim(app, 1, 9)).toBe(1);
      expect(await stores().deliveries.trim(app, 1, 9)).toBe(0);
      expect(ids(await stores().deliveries.find(app, { ids: all.map(({ id }) => id) }))).toEqual(['d4']);
    });

    test('all of one user is erased, part by part, and nothing of another', async () => {
      const app = newApp();
      const of = (id: string, userId: string) => sampleDeliveryRecord({ id, userId });
      await stores().deliveries.put(app, [of('a', 'ann'), of('b', 'ann'), of('c', 'ann'), of('d', 'bob')]);
      await stores().deliveries.reserve(app, sampleReservation({ userId: 'ann', through: 9 }));
      let erased = 0;
      let after: string | undefined;
      do {
        const part = await stores().deliveries.erase(app, { userId: 'ann', as: 'erased:1', limit: 2, after });
        erased += part.erased;
        after = part.next;
      } while (after !== undefined);
      expect(erased).toBe(4);
      expect(ids(await stores().deliveries.find(app, { ids: ['a', 'b', 'c', 'd'] }))).toEqual(['d']);
      expect((await stores().deliveries.reserve(app, sampleReservation({ through: 1 }))).isMine).toBe(true);
    });
  });
}
