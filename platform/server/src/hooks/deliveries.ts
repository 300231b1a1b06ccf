// Deliveries as they are kept and shown: rows, their reasons, the parts left out of them. Carrying a webhook
// out is inbound.ts.

import { type BelfryError, notFound, type HookDeliveryView, type HookOutcome } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { HookDelivery, HookDeliveryStore } from '../ports/stores/index.ts';

export interface Deliveries {
  /** The newest first; `next` is where the following page begins. */
  list(
    app: AppId,
    hookId: string,
    page: { before?: string | undefined; outcome?: HookOutcome | undefined; limit: number },
  ): Promise<{ deliveries: readonly HookDeliveryView[]; next?: string }>;
  /** Throws `not_found`. */
  get(app: AppId, hookId: string, id: string): Promise<HookDeliveryView & { payload?: string }>;
}

export function createDeliveries(store: Pick<HookDeliveryStore, 'list' | 'get'>): Deliveries {
  return {
    async list(app, hookId, { before, outcome, limit }) {
      // One more than asked for shows whether there is a next page.
      const found = await store.list(app, hookId, {
        ...(before === undefined ? {} : { before }),
        ...(outcome === undefined ? {} : { outcome }),
        limit: limit + 1,
      });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const more = found.length > limit && last !== undefined ? { next: last.id } : {};
      return { deliveries: shown.map(viewDelivery), ...more };
    },
    async get(app, hookId, id) {
      const found = await store.get(app, hookId, id);
      if (found === undefined) throw notFound('webhook delivery');
      const { payload } = found;
      return { ...viewDelivery(found), ...(payload === undefined ? {} : { payload }) };
    },
  };
}

/** The reason of a failure, for the person who mends it. */
export function reasonOf(error: BelfryError): NonNullable<HookDelivery['reason']> {
  const { code, message: detail, path } = error;
  return { code, detail, ...(path === undefined ? {} : { path }) };
}

/**
 * Payloads up to this stay with a delivery that was accepted; of one that was not, the whole is kept: it is
 * what a replay starts from.
 */
const keptPayloadBytes = 65_536;

/** The row of a delivery that has become a broadcast: nothing is left to redo. */
export function acceptedRow(
  { reason: _mended, request: _done, payload, ...delivery }: HookDelivery,
  broadcast: { id: string; recipients: number },
): HookDelivery {
  const kept = payload !== undefined && delivery.payloadBytes <= keptPayloadBytes ? { payload } : {};
  return { ...delivery, outcome: 'accepted', broadcast, ...kept };
}

function viewDelivery(delivery: HookDelivery): HookDeliveryView {
  const { id, hookId, webhookId, receivedAt, outcome, reason, broadcast, replayedAt, payloadBytes } = delivery;
  return {
    id,
    hookId,
    webhookId,
    receivedAt: new Date(receivedAt).toISOString(),
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(replayedAt === undefined ? {} : { replayedAt: new Date(replayedAt).toISOString() }),
    payloadBytes,
  };
}
