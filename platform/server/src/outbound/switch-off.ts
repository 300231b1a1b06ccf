// Ends a webhook to which nothing comes through any more, and says so: to the app's other webhooks, in the
// audit and in the log. Switching it on again: webhook-records.ts.

import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { WebhookEventStore, WebhookRecord, WebhookStore } from '../ports/stores/index.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { WebhookAnswered } from './webhook-call.ts';

export interface SwitchOffDeps {
  store: Pick<WebhookStore, 'get' | 'put'>;
  events: Pick<WebhookEventStore, 'giveUp'>;
  subscriptions: Pick<Subscriptions, 'changed'>;
  facts: Pick<Facts, 'record'>;
  /** An entry in the audit, by nobody's hand. */
  audit: (app: AppId, change: { webhookId: string; because: string; detail: string }) => Promise<void>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}

/** Longer than any request is tried: one that is given up is no reason, a receiver that is gone is. */
const failingForMs = 5 * 24 * 3_600_000;
const eventsAtOnce = 500;
/** Of several workers that see it at once, and of people who change it meanwhile. */
const mostTries = 5;

export class SwitchOff {
  readonly #deps: SwitchOffDeps;

  constructor(deps: SwitchOffDeps) {
    this.#deps = deps;
  }

  /** After a call that failed; does nothing unless that is reason enough. */
  async after(
    app: AppId,
    webhook: Pick<WebhookRecord, 'id'>,
    { answered, failingSince }: { answered: WebhookAnswered; failingSince: number },
  ): Promise<void> {
    const { clock } = this.#deps.surroundings;
    const isFailing = clock.now() - failingSince >= failingForMs;
    if (answered.status !== 410 && !isFailing) return;
    const because = answered.status === 410 ? 'gone' : 'failing';
    const last = answered.status === undefined ? (answered.error ?? 'no answer') : `status ${answered.status}`;
    const detail =
      because === 'gone'
        ? 'It answered 410: it wants no more.'
        : `Nothing has come through since ${new Date(failingSince).toISOString()}; the last was: ${last}.`;
    if (await this.#disable(app, webhook.id, { because, detail }))
      await this.#report(app, webhook.id, { because, detail });
  }

  async #disable(app: AppId, id: string, reason: { because: 'gone' | 'failing'; detail: string }): Promise<boolean> {
    const { store, events, subscriptions, surroundings } = this.#deps;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const before = await store.get(app, id);
      if (before === undefined || before.state === 'disabled') return false;
      const nowMs = surroundings.clock.now();
      const disabled = { ...reason, at: nowMs };
      const change = { version: before.version + 1, state: 'disabled', disabled, updatedAt: nowMs } as const;
      if (!(await store.put(app, { ...before, ...change, updatedBy: 'Belfry' }))) continue;
      await subscriptions.changed(app);
      for (let ended = eventsAtOnce; ended === eventsAtOnce;) {
        ended = await events.giveUp(app, id, { nowMs, limit: eventsAtOnce });
      }
      return true;
    }
    return false;
  }

  async #report(app: AppId, webhookId: string, reason: { because: 'gone' | 'failing'; detail: string }): Promise<void> {
    const { facts, audit, surroundings } = this.#deps;
    const { clock, log } = surroundings;
    log.warn('an outgoing webhook was switched off', { app, webhookId, ...reason });
    facts.record(app, { type: 'webhook.disabled', atMs: clock.now(), webhookId, ...reason });
    await audit(app, { webhookId, ...reason }).catch((err: unknown) =>
      log.warn('a webhook that was switched off is not in the audit', { app, webhookId, err }),
    );
  }
}
