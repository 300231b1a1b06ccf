// The outgoing webhooks of an app: made, changed, rotated, paused, resumed, taken away. Not what is sent to
// them: sender.ts.

import { newWebhookSecret } from '@belfry/plugin-kit';
import {
  beforeEvent,
  BelfryError,
  notFound,
  type PutWebhookBody,
  type WebhookAnswer,
  type WebhookView,
} from '@belfry/protocol';
import { isSecretInUse } from '../hooks/hook-secrets.ts';
import type { Mapper } from '../hooks/mapping/mapper.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { WebhookEventStore, WebhookRecord, WebhookStore } from '../ports/stores/index.ts';
import type { Vault } from '../tenancy/vault.ts';
import type { Relay } from './relay.ts';
import type { Subscriptions } from './subscriptions.ts';
import { viewWebhook } from './views.ts';
import type { WebhookHealths } from './webhook-health.ts';
import { mostSecrets, sealWebhookSecret } from './webhook-secrets.ts';

export interface WebhookRecordsDeps {
  store: WebhookStore;
  events: Pick<WebhookEventStore, 'removeOf' | 'wake'>;
  subscriptions: Pick<Subscriptions, 'changed'>;
  health: WebhookHealths;
  relay: Pick<Relay, 'once'>;
  vault: Pick<Vault, 'seal'>;
  mapper: Pick<Mapper, 'check'>;
  egress: { checkUrl(url: string): Promise<{ ok: true } | { ok: false; reason: string }> };
  clock: Pick<Clock, 'now'>;
  /** Outgoing webhooks of one app. */
  perApp: number;
}

export interface ChangedBy {
  /** For people: a name of an account, or of a key. */
  by: string;
  /** Throws when the record is not the one that the caller has seen. */
  check?: ((record: WebhookRecord | undefined) => void) | undefined;
}

export interface ChangedWebhook {
  before: WebhookRecord | undefined;
  after: WebhookRecord;
}

const rowsAtOnce = 500;

export class WebhookRecords {
  readonly #deps: WebhookRecordsDeps;

  constructor(deps: WebhookRecordsDeps) {
    this.#deps = deps;
  }

  async list(app: AppId): Promise<readonly WebhookView[]> {
    const { store, health, clock } = this.#deps;
    const [records, healths] = await Promise.all([store.list(app), health.of(app)]);
    return records.map((record) => viewWebhook(record, healths.get(record.id), clock.now()));
  }

  /** Throws `not_found`. */
  async get(app: AppId, id: string): Promise<WebhookView> {
    const [record, healths] = await Promise.all([this.record(app, id), this.#deps.health.of(app)]);
    return viewWebhook(record, healths.get(id), this.#deps.clock.now());
  }

  /** As it is stored. Throws `not_found`. */
  async record(app: AppId, id: string): Promise<WebhookRecord> {
    const found = await this.#deps.store.get(app, id);
    if (found === undefined) throw notFound('webhook');
    return found;
  }

  /**
   * Makes it, or replaces its settings. Throws `invalid_body` for an address that may not be called, a
   * transform that does not compile, a secret for one that is there, or a second webhook that is asked before
   * messages; `managed_by_file`, `conflict`, `too_many`, and what `check` throws.
   */
  async put(
    app: AppId,
    id: string,
    { settings: given, ...changedBy }: { settings: PutWebhookBody } & ChangedBy,
  ): Promise<WebhookAnswer & ChangedWebhook & { created: boolean }> {
    const { secret, ...settings } = given;
    const { store, vault, clock } = this.#deps;
    const before = await store.get(app, id);
    changedBy.check?.(before);
    if (before?.managed === true) throw new BelfryError('managed_by_file');
    if (before !== undefined && secret !== undefined) throw invalid('secret', 'It has a secret; rotate to change it.');
    await this.#checkSettings(app, id, settings);
    const now = clock.now();
    if (before !== undefined) {
      const after = { ...keptOf(before), ...definedOf(settings), updatedAt: now, updatedBy: changedBy.by };
      await this.#store(app, after);
      return { webhook: await this.get(app, id), created: false, before, after };
    }
    const made = secret ?? newWebhookSecret();
    const after: WebhookRecord = {
      ...{ id, version: 1, ...definedOf(settings), state: 'active', managed: false },
      secrets: [sealWebhookSecret(app, id, { secret: made, createdAt: now, vault })],
      ...{ createdAt: now, updatedAt: now, updatedBy: changedBy.by },
    };
    await this.#store(app, after);
    return { webhook: await this.get(app, id), secret: made, created: true, before, after };
  }

  /** A new secret, shown once; requests are signed with the one before too, for `overlapMs`. */
  async rotate(
    app: AppId,
    id: string,
    given: { overlapMs: number; secret?: string | undefined } & ChangedBy,
  ): Promise<WebhookAnswer & ChangedWebhook> {
    const { vault, clock } = this.#deps;
    const before = await this.#changeable(app, id, given);
    const secret = given.secret ?? newWebhookSecret();
    const now = clock.now();
    const newest = sealWebhookSecret(app, id, { secret, createdAt: now, vault });
    const older = before.secrets
      .map((each) => ({ ...each, expiresAt: Math.min(each.expiresAt ?? Infinity, now + given.overlapMs) }))
      .filter((each) => isSecretInUse(each, now));
    const secrets = [newest, ...older].slice(0, mostSecrets);
    const after = { ...before, version: before.version + 1, secrets, updatedAt: now, updatedBy: given.by };
    await this.#store(app, after);
    return { webhook: await this.get(app, id), secret, before, after };
  }

  /** Its events wait until it is resumed, or over. */
  async pause(app: AppId, id: string, changedBy: ChangedBy): Promise<ChangedWebhook> {
    return await this.#setState(app, id, { state: 'paused', changedBy });
  }

  /** Also of one that was switched off; what waited is sent at once. */
  async resume(app: AppId, id: string, changedBy: ChangedBy): Promise<ChangedWebhook> {
    const changed = await this.#setState(app, id, { state: 'active', changedBy });
    const { events, health, relay, clock } = this.#deps;
    await health.forget(app, id);
    const nowMs = clock.now();
    for (let woken = rowsAtOnce; woken === rowsAtOnce;) {
      woken = await events.wake(app, id, { nowMs, limit: rowsAtOnce });
    }
    await relay.once({ graceMs: -1 });
    return changed;
  }

  /** With its events. Throws `not_found`, `managed_by_file`. */
  async remove(app: AppId, id: string, changedBy: ChangedBy): Promise<WebhookRecord> {
    const { store, events, subscriptions } = this.#deps;
    const before = await this.#changeable(app, id, changedBy);
    if (!(await store.remove(app, id))) throw notFound('webhook');
    await subscriptions.changed(app);
    for (let gone = rowsAtOnce; gone === rowsAtOnce;) gone = await events.removeOf(app, id, rowsAtOnce);
    return before;
  }

  async #setState(
    app: AppId,
    id: string,
    { state, changedBy }: { state: 'active' | 'paused'; changedBy: ChangedBy },
  ): Promise<ChangedWebhook> {
    const before = await this.record(app, id);
    changedBy.check?.(before);
    // One that the file keeps off is switched on there; a pause is nobody's setting.
    if (before.disabled?.because === 'file') throw new BelfryError('managed_by_file');
    if (before.state === state) return { before, after: before };
    const { disabled: _over, ...rest } = before;
    const updatedAt = this.#deps.clock.now();
    const after = { ...rest, version: before.version + 1, state, updatedAt, updatedBy: changedBy.by };
    await this.#store(app, after);
    return { before, after };
  }

  async #checkSettings(app: AppId, id: string, settings: Omit<PutWebhookBody, 'secret'>): Promise<void> {
    const { store, mapper, egress, perApp } = this.#deps;
    const verdict = await egress.checkUrl(settings.url);
    if (!verdict.ok) throw invalid('url', verdict.reason);
    if (settings.transform !== undefined) {
      const mistake = await mapper.check(app, settings.transform);
      if (mistake !== undefined) throw invalid('transform', mistake);
    }
    const others = (await store.list(app)).filter((each) => each.id !== id);
    if (others.length >= perApp)
      throw new BelfryError('too_many', { message: `An app has at most ${perApp} webhooks.` });
    if (!settings.events.includes(beforeEvent)) return;
    const asked = others.find(({ events }) => events.includes(beforeEvent));
    if (asked !== undefined) throw invalid('events', `${asked.id} is asked before messages already; one at most is.`);
  }

  async #changeable(app: AppId, id: string, changedBy: ChangedBy): Promise<WebhookRecord> {
    const record = await this.record(app, id);
    changedBy.check?.(record);
    if (record.managed) throw new BelfryError('managed_by_file');
    return record;
  }

  async #store(app: AppId, record: WebhookRecord): Promise<void> {
    const isStored = await this.#deps.store.put(app, record);
    await this.#deps.subscriptions.changed(app);
    if (!isStored)
      throw new BelfryError('conflict', { message: 'Somebody else changed this webhook at the same moment.' });
  }
}

/** What stays when its settings are replaced. */
function keptOf(before: WebhookRecord) {
  const { id, version, state, disabled, managed, secrets, createdAt } = before;
  return {
    ...{ id, version: version + 1, state, managed, secrets, createdAt },
    ...(disabled === undefined ? {} : { disabled }),
  };
}

type Settings = Pick<WebhookRecord, 'url' | 'events' | 'ordered' | 'description' | 'transform' | 'batch' | 'before'>;

/** Without what was left out. */
export function definedOf(settings: Omit<PutWebhookBody, 'secret'>): Settings {
  const { url, events, ordered, description, transform, batch, before } = settings;
  return {
    ...{ url, events, ordered },
    ...(description === undefined ? {} : { description }),
    ...(transform === undefined ? {} : { transform }),
    ...(batch === undefined ? {} : { batch }),
    ...(before === undefined ? {} : { before: beforeOf(before) }),
    ...(before === undefined && events.includes(beforeEvent) ? { before: defaultBefore } : {}),
  };
}

const defaultBefore = { timeoutMs: 2000, onFailure: 'allow' } as const;

function beforeOf({ kinds, ...before }: NonNullable<PutWebhookBody['before']>): NonNullable<WebhookRecord['before']> {
  return { ...before, ...(kinds === undefined ? {} : { kinds }) };
}

function invalid(field: string, message: string): BelfryError {
  return new BelfryError('invalid_body', { message, path: [field] });
}
