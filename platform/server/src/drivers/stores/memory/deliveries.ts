// Pushes that providers took, and how far fall-backs have gone, in memory. Not what is heard of them.

import type { AppId } from '../../../ports/app-id.ts';
import type {
  DeliveryEvent,
  DeliveryNames,
  DeliveryRecord,
  DeliveryStore,
  Erased,
  EraseRequest,
  KnownDelivery,
  Page,
  PageRequest,
  Reservation,
} from '../../../ports/stores/index.ts';
import { placeOf, readPlace } from '../delivery-place.ts';
import type { Synchronous } from '../synchronous.ts';

interface OfApp {
  deliveries: Map<string, KnownDelivery>;
  reservations: Map<string, Reservation>;
}

export class MemoryDeliveries implements Synchronous<DeliveryStore> {
  readonly #apps = new Map<AppId, OfApp>();

  put(app: AppId, records: readonly DeliveryRecord[]): void {
    const { deliveries } = this.#of(app);
    for (const record of records) {
      const before = deliveries.get(record.id);
      const { providerMessageId = before?.providerMessageId } = record;
      const named = providerMessageId === undefined ? {} : { providerMessageId };
      deliveries.set(record.id, { ...(before ?? { ...record, events: [] }), ...named });
    }
  }

  find(app: AppId, { ids, of }: DeliveryNames): KnownDelivery[] {
    const { deliveries } = this.#of(app);
    const found = new Map<string, KnownDelivery>();
    for (const each of this.#oldestFirst(deliveries)) {
      const { id, provider, providerMessageId: name } = each;
      if (ids.includes(id)) found.set(`id ${id}`, each);
      if (name !== undefined && of?.provider === provider && of.providerMessageIds.includes(name))
        found.set(`name ${name}`, each);
    }
    return [...new Set(found.values())];
  }

  addEvent(app: AppId, id: string, event: DeliveryEvent): boolean {
    const { deliveries } = this.#of(app);
    const known = deliveries.get(id);
    if (known === undefined || known.events.includes(event)) return false;
    deliveries.set(id, { ...known, events: [...known.events, event] });
    return true;
  }

  accepted(
    app: AppId,
    provider: string,
    { from, before, after, limit }: PageRequest & { from: number; before: number },
  ): Page<KnownDelivery> {
    const place = readPlace(after, from);
    const found = this.#oldestFirst(this.#of(app).deliveries).filter(
      ({ provider: its, acceptedAt, id }) =>
        its === provider &&
        acceptedAt < before &&
        (acceptedAt > place.acceptedAt || (acceptedAt === place.acceptedAt && id > place.id)),
    );
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined ? { next: placeOf(last) } : {}) };
  }

  reserve(app: AppId, reservation: Reservation): { isMine: boolean; through: number } {
    const { reservations } = this.#of(app);
    const { key, owner, through } = reservation;
    const before = reservations.get(key);
    if (before === undefined || before.through < through) {
      reservations.set(key, reservation);
      return { isMine: true, through };
    }
    return { isMine: before.owner === owner, through: before.through };
  }

  prune(app: AppId, beforeMs: number, limit: number): number {
    const { deliveries, reservations } = this.#of(app);
    const old = this.#oldestFirst(deliveries).filter(({ acceptedAt }) => acceptedAt < beforeMs);
    const oldReservations = [...reservations.values()].filter(({ at }) => at < beforeMs);
    const gone = [old.slice(0, limit), oldReservations.slice(0, limit)] as const;
    for (const { id } of gone[0]) deliveries.delete(id);
    for (const { key } of gone[1]) reservations.delete(key);
    return gone[0].length + gone[1].length;
  }

  trim(app: AppId, keep: number, limit: number): number {
    const { deliveries } = this.#of(app);
    const excess = Math.max(0, Math.min(limit, deliveries.size - keep));
    const gone = this.#oldestFirst(deliveries).slice(0, excess);
    for (const { id } of gone) deliveries.delete(id);
    return gone.length;
  }

  erase(app: AppId, { userId }: EraseRequest): Erased {
    const { deliveries, reservations } = this.#of(app);
    const own = [...deliveries.values()].filter((each) => each.userId === userId);
    const ownReservations = [...reservations.values()].filter((each) => each.userId === userId);
    for (const { id } of own) deliveries.delete(id);
    for (const { key } of ownReservations) reservations.delete(key);
    return { erased: own.length + ownReservations.length };
  }

  #of(app: AppId): OfApp {
    const found = this.#apps.get(app) ?? { deliveries: new Map(), reservations: new Map() };
    this.#apps.set(app, found);
    return found;
  }

  #oldestFirst(deliveries: OfApp['deliveries']): KnownDelivery[] {
    return [...deliveries.values()].sort((a, b) => a.acceptedAt - b.acceptedAt || (a.id < b.id ? -1 : 1));
  }
}
