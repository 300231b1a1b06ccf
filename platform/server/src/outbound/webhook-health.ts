// Whether the calls of a webhook come through, kept over restarts and nodes, without a write for each call.
// What follows from it: switch-off.ts.

import { leastUsed } from '../caching/least-used.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { WebhookHealth, WebhookStore } from '../ports/stores/index.ts';
import type { WebhookAnswered } from './webhook-call.ts';

/** A success is written at most this often; another node may have written a failure meanwhile. */
const freshMs = 60_000;
const mostKnown = 10_000;

export class WebhookHealths {
  readonly #store: Pick<WebhookStore, 'health' | 'putHealth'>;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Monotonic ms up to which a success need not be written. */
  readonly #fineUntil = leastUsed<number>(mostKnown);

  constructor(store: Pick<WebhookStore, 'health' | 'putHealth'>, clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#store = store;
    this.#clock = clock;
  }

  of(app: AppId): Promise<ReadonlyMap<string, WebhookHealth>> {
    return this.#store.health(app);
  }

  async succeeded(app: AppId, id: string): Promise<void> {
    const key = keyOf(app, id);
    const nowMs = this.#clock.monotonic();
    if ((this.#fineUntil.get(key) ?? 0) > nowMs) return;
    this.#fineUntil.set(key, nowMs + freshMs);
    const { failingSince: _over, ...health } = (await this.#store.health(app)).get(id) ?? {};
    await this.#store.putHealth(app, id, { ...health, lastSuccessAt: this.#clock.now() });
  }

  /** Since when nothing has come through. */
  async failed(app: AppId, id: string, { at, status, error }: WebhookAnswered): Promise<number> {
    this.#fineUntil.delete(keyOf(app, id));
    const health = (await this.#store.health(app)).get(id) ?? {};
    const failingSince = health.failingSince ?? at;
    const lastFailure = { at, ...(status === undefined ? {} : { status }), ...(error === undefined ? {} : { error }) };
    await this.#store.putHealth(app, id, { ...health, failingSince, lastFailure });
    return failingSince;
  }

  /** It is given another chance. */
  async forget(app: AppId, id: string): Promise<void> {
    const { failingSince: _over, ...health } = (await this.#store.health(app)).get(id) ?? {};
    await this.#store.putHealth(app, id, health);
  }
}

function keyOf(app: AppId, id: string): string {
  return `${app} ${id}`;
}
