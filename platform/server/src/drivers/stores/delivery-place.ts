// Where a page of accepted deliveries begins: the time and id of the last of the page before. Not the list
// itself.

import type { DeliveryRecord } from '../../ports/stores/index.ts';

export type DeliveryPlace = Pick<DeliveryRecord, 'acceptedAt' | 'id'>;

export function placeOf({ acceptedAt, id }: DeliveryPlace): string {
  return JSON.stringify([acceptedAt, id]);
}

/** Without one, the place before all that were accepted from `from` on. */
export function readPlace(after: string | undefined, from: number): DeliveryPlace {
  if (after === undefined) return { acceptedAt: from, id: '' };
  const [acceptedAt, id] = JSON.parse(after) as [number, string];
  return { acceptedAt, id };
}
