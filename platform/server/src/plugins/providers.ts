// The configurations of providers as the rest of the server uses them: look up, configure, pause, remove. How
// one runs is running-provider.ts.
import { isDeepStrictEqual } from 'node:util';
import type { CheckResult, NotificationProvider } from '@belfry/plugin-kit';
import { BelfryError, inWords, type PushQuota } from '@belfry/protocol';
import { FairPool } from '../concurrency/fair-pool.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { ProviderRecord, ProviderStore } from '../ports/stores/settings.ts';
import { AppProviders } from './app-providers.ts';
import { refusedAddresses } from './configured-addresses.ts';
import { createHandle } from './provider-handle.ts';
import type { CallInTurn, ProviderHandle } from './provider-handle.ts';
import type { ProviderHealth } from './provider-health.ts';
import { keepSecrets, maskConfig, openConfig, sealConfig } from './seal-config.ts';
import type { Config } from './seal-config.ts';
import { placeOf, setUpRecord } from './set-up-record.ts';
import type { SetUpRecordDeps } from './set-up-record.ts';

export interface ProviderInput {
  id: string;
  plugin: string;
  /** As a tenant fills it in; `{ set: true }` at a secret keeps the stored one. */
  config: Config;
  enabled?: boolean;
  managed?: boolean;
  quota?: PushQuota | undefined;
}

export interface ConfigProblem {
  path: readonly (string | number)[];
  reason: string;
}

export type Configured = { ok: true; record: ProviderRecord } | { ok: false; problems: readonly ConfigProblem[] };

export interface ProvidersDeps extends SetUpRecordDeps {
  store: ProviderStore;
  facts: Pick<Facts, 'record'>;
  /** Serves apps that configured none; its plugin's id is also its provider id. */
  defaultProvider: { plugin: string; config: Config };
  limits: { providerCallsAtOnce: number; providerCallsWaiting: number };
  /** Called after a change was stored. */
  onChange: (app: AppId) => void;
}

/** The pause of a provider is set by every worker that is refused, at about the same time. */
const maxTries = 10;

export class Providers {
  readonly #deps: ProvidersDeps;
  readonly #held: AppProviders;
  readonly #calls: FairPool;

  constructor(deps: ProvidersDeps) {
    this.#deps = deps;
    const { plugin, config } = deps.defaultProvider;
    const { providerCallsAtOnce: running, providerCallsWaiting: waiting } = deps.limits;
    const { metrics } = deps.surroundings;
    this.#calls = new FairPool({ name: 'provider_calls', running, waiting, metrics });
    this.#held = new AppProviders({
      store: deps.store,
      clock: deps.surroundings.clock,
      setUp: (app, record) => setUpRecord(deps, app, record),
      standIn: { id: plugin, plugin, config, enabled: true, managed: true, updatedAt: 0 },
    });
  }

  async provider(app: AppId, providerId: string): Promise<ProviderHandle | undefined> {
    return (await this.providers(app)).find(({ id }) => id === providerId);
  }

  async providers(app: AppId): Promise<readonly ProviderHandle[]> {
    const { plugin: find, offReason, surroundings } = this.#deps;
    const callInTurn: CallInTurn = (turn, call) => this.#calls.run(turn, call);
    return [...(await this.#held.slots(app)).values()].map((slot) => {
      const { id, plugin } = slot.record();
      const { clock } = surroundings;
      const receiptUrl = this.#deps.receiptUrl(app, id);
      const off = offReason(plugin);
      return createHandle({ slot, plugin: find(plugin)?.plugin, off, receiptUrl, clock, callInTurn });
    });
  }

  /**
   * Parses, seals, sets up, stores and swaps. A managed one is stored even when its setup fails: then it is
   * off, with the reason.
   */
  async configure(app: AppId, input: ProviderInput): Promise<Configured> {
    const schema = this.#deps.plugin(input.plugin)?.plugin.config;
    if (schema === undefined) return { ok: false, problems: this.checkConfig(input) };
    const place = placeOf(this.#deps.vault, app, input.id);
    const stored = await this.#deps.store.get(app, input.id);
    const before = stored?.plugin === input.plugin ? stored : undefined;
    const opened = openConfig(schema, keepSecrets(schema, input.config, before?.config), place);
    const { enabled = true, managed = false, quota } = input;
    const problems = this.checkConfig({ plugin: input.plugin, config: opened });
    if (problems.length > 0) return { ok: false, problems };
    // A file is applied although an address in it is refused: the server must start, and OUTBOUND_ALLOW may
    // be meant to come later.
    const refused = managed ? [] : await this.checkAddresses({ config: opened });
    if (refused.length > 0) return { ok: false, problems: refused };
    // A seal is different each time: what is stored stays, so that a start with the same provision file
    // changes nothing anywhere.
    const isSame = before !== undefined && isDeepStrictEqual(openConfig(schema, before.config, place), opened);
    if (isSame && isAsBefore(before, { enabled, managed, quota })) return { ok: true, record: before };
    const record = {
      ...{ id: input.id, plugin: input.plugin, enabled, managed },
      ...(quota === undefined ? {} : { quota }),
      updatedAt: this.#deps.surroundings.clock.now(),
      config: isSame ? before.config : sealConfig(schema, opened, place),
    };
    const problem = await this.#change(app, record, stored?.version ?? 0);
    if (problem !== undefined) return { ok: false, problems: [problem] };
    if (stored?.pausedReason !== undefined) this.#recordResumed(app, input.id);
    return { ok: true, record };
  }

  /** The problems that `configure` would report, without any effect. */
  checkConfig({ plugin: id, config }: Pick<ProviderInput, 'plugin' | 'config'>): readonly ConfigProblem[] {
    const found = this.#deps.plugin(id);
    if (found === undefined) return [{ path: ['plugin'], reason: this.#deps.offReason(id) }];
    const parsed = found.plugin.config.safeParse(config, inWords);
    if (parsed.success) return [];
    return parsed.error.issues.map(({ path, message }) => ({
      path: path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
      reason: message,
    }));
  }

  /** The web addresses in it that may not be called; with one of them a configuration is off. */
  checkAddresses({ config }: Pick<ProviderInput, 'config'>): Promise<readonly ConfigProblem[]> {
    return refusedAddresses(config, this.#deps.egress);
  }

  async remove(app: AppId, providerId: string): Promise<boolean> {
    const isRemoved = await this.#deps.store.remove(app, providerId);
    this.#held.stale(app);
    if (isRemoved) this.#deps.onChange(app);
    return isRemoved;
  }

  /**
   * Sends nothing through it any more, until it is configured again or resumed; the reason is shown to the
   * tenant.
   */
  async pause(app: AppId, providerId: string, reason: string): Promise<void> {
    if ((await this.#setPause(app, providerId, reason)) !== 'on') return;
    const { clock, metrics } = this.#deps.surroundings;
    const plugin = (await this.#held.slots(app)).get(providerId)?.record().plugin;
    metrics.count('push_providers_paused_total', [plugin ?? 'unknown']);
    const atMs = clock.now();
    this.#deps.facts.record(app, { type: 'provider.paused', atMs, provider: providerId, reason });
  }

  async resume(app: AppId, providerId: string): Promise<void> {
    if ((await this.#setPause(app, providerId, undefined)) === 'paused') this.#recordResumed(app, providerId);
  }

  /** Asks the service whether the configuration works, where the plugin can. */
  async check(app: AppId, providerId: string, signal: AbortSignal): Promise<CheckResult> {
    const made = await (await this.#held.slots(app)).get(providerId)?.current();
    if (made === undefined) return { ok: false, detail: 'There is no such provider.' };
    return made.ok ? made.running.check(signal) : { ok: false, detail: made.reason };
  }

  async health(app: AppId, providerId: string): Promise<ProviderHealth | undefined> {
    return (await this.#held.slots(app)).get(providerId)?.health.read();
  }

  /** The configuration for people: secrets as `{ set: true }`. */
  shownConfig(record: ProviderRecord): Config {
    const schema: NotificationProvider['config'] | undefined = this.#deps.plugin(record.plugin)?.plugin.config;
    // Without its plugin nobody knows which fields are secret.
    return schema === undefined ? {} : maskConfig(schema, record.config);
  }

  /** Something about an app's configurations changed on another node. */
  changed(app: AppId): void {
    this.#held.stale(app);
  }

  close(): Promise<void> {
    return this.#held.close();
  }

  /**
   * Sets up, stores and swaps, in this order: what cannot be stored is closed again. Resolves with what keeps
   * it from running.
   */
  async #change(app: AppId, record: ProviderRecord, ifVersion: number): Promise<ConfigProblem | undefined> {
    const { store, onChange } = this.#deps;
    const made = await setUpRecord(this.#deps, app, record);
    if (!made.ok && record.enabled && !record.managed) return { path: [], reason: made.reason };
    try {
      if (!(await store.put(app, record, ifVersion))) throw new BelfryError('conflict');
    } catch (error) {
      if (made.ok) await made.running.retire();
      throw error;
    }
    await this.#held.adopt(app, record, made);
    onChange(app);
    return undefined;
  }

  /**
   * How it was before; undefined when there is no such provider. Throws `conflict` when others change the
   * configuration all the time.
   */
  async #setPause(app: AppId, providerId: string, reason: string | undefined): Promise<'on' | 'paused' | undefined> {
    const { store, onChange } = this.#deps;
    const slot = (await this.#held.slots(app)).get(providerId);
    for (let tries = 0; tries < maxTries; tries += 1) {
      const stored = await store.get(app, providerId);
      const before: ProviderRecord | undefined = stored ?? slot?.record();
      if (before === undefined) return undefined;
      const { pausedReason: _reason, pausedAt, ...record } = before;
      const since = pausedAt ?? this.#deps.surroundings.clock.now();
      const next = reason === undefined ? record : { ...record, pausedReason: reason, pausedAt: since };
      // The stand-in is in no store: its pause lasts as long as this process.
      if (record.updatedAt !== 0 && !(await store.put(app, next, stored?.version ?? 0))) continue;
      // Of many calls that are refused at once, each pauses; the first alone finds it on.
      const wasPaused = before.pausedReason !== undefined || slot?.record().pausedReason !== undefined;
      await slot?.put(next);
      onChange(app);
      return wasPaused ? 'paused' : 'on';
    }
    throw new BelfryError('conflict');
  }

  #recordResumed(app: AppId, provider: string): void {
    this.#deps.facts.record(app, { type: 'provider.resumed', atMs: this.#deps.surroundings.clock.now(), provider });
  }
}

/** With the same fields. One that is paused is never as before: configuring it again resumes it. */
function isAsBefore(
  before: ProviderRecord,
  { enabled, managed, quota }: Pick<ProviderRecord, 'enabled' | 'managed'> & { quota: PushQuota | undefined },
): boolean {
  return (
    before.pausedReason === undefined &&
    before.enabled === enabled &&
    before.managed === managed &&
    isDeepStrictEqual(before.quota, quota)
  );
}
