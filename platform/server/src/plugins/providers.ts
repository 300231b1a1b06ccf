// The configurations of providers as the rest of the server uses them: look up, configure, pause, remove. How one runs is running-provider.ts.
import { isDeepStrictEqual } from 'node:util';
import type { CheckResult, NotificationProvider } from '@belfry/plugin-kit';
import { BelfryError, type PushQuota } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ProviderRecord, ProviderStore } from '../ports/stores/settings.ts';
import type { Egress } from '../egress/egress.ts';
import { createAppProviders } from './app-providers.ts';
import { refusedAddresses } from './configured-addresses.ts';
import { createHandle } from './provider-handle.ts';
import type { ProviderHandle } from './provider-handle.ts';
import type { ProviderHealth } from './provider-health.ts';
import type { Inhabitant, Realm } from './realm.ts';
import { setUpProvider } from './running-provider.ts';
import type { SetUp } from './running-provider.ts';
import { sayThrown } from './say-thrown.ts';
import { keepSecrets, maskConfig, openConfig, sealConfig } from './seal-config.ts';
import type { Config, SealingPlace, Vault } from './seal-config.ts';

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

export interface Providers {
  provider(app: AppId, providerId: string): Promise<ProviderHandle | undefined>;
  providers(app: AppId): Promise<readonly ProviderHandle[]>;
  /** Parses, seals, sets up, stores and swaps. A managed one is stored even when its setup fails: then it is off, with the reason. */
  configure(app: AppId, input: ProviderInput): Promise<Configured>;
  /** What `configure` would say of the fields, without any effect. */
  checkConfig(input: Pick<ProviderInput, 'plugin' | 'config'>): readonly ConfigProblem[];
  /** Which of its web addresses may not be called; with one of them a configuration is off. */
  checkAddresses(input: Pick<ProviderInput, 'config'>): Promise<readonly ConfigProblem[]>;
  remove(app: AppId, providerId: string): Promise<boolean>;
  /** Sends nothing through it any more, until it is configured again or resumed; the reason is shown to the tenant. */
  pause(app: AppId, providerId: string, reason: string): Promise<void>;
  resume(app: AppId, providerId: string): Promise<void>;
  /** Asks the service whether the configuration works, where the plugin can. */
  check(app: AppId, providerId: string, signal: AbortSignal): Promise<CheckResult>;
  health(app: AppId, providerId: string): Promise<ProviderHealth | undefined>;
  /** The configuration for people: secrets as `{ set: true }`. */
  shownConfig(record: ProviderRecord): Config;
  /** Something about an app's configurations changed on another node. */
  changed(app: AppId): void;
  close(): Promise<void>;
}

export interface ProvidersOptions {
  plugin: (id: string) => { plugin: NotificationProvider; at: Inhabitant } | undefined;
  /** Why there is no such plugin to use. */
  offReason: (id: string) => string;
  store: ProviderStore;
  vault: Vault;
  clock: Clock;
  log: Log;
  realm: Realm;
  egress: Pick<Egress, 'fetch' | 'connect' | 'checkUrl'>;
  /** Serves apps that configured none; its plugin's id is also its provider id. */
  defaultProvider: { plugin: string; config: Config };
  setupLimitMs: number;
  callLimitMs: number;
  /** Called after a change was stored. */
  onChange: (app: AppId, providerId: string) => void;
}

/** The pause of a provider is set by every worker that is refused, at about the same time. */
const maxTries = 10;

export function createProviders(options: ProvidersOptions): Providers {
  const { plugin: find, offReason, store, vault, clock, log, onChange } = options;
  const placeOf = (app: AppId, id: string): SealingPlace => ({ vault, context: `provider:${app}:${id}` });
  const held = createAppProviders({ store, clock, setUp, standIn });

  function standIn(): ProviderRecord {
    const { plugin, config } = options.defaultProvider;
    return { id: plugin, plugin, config, enabled: true, managed: true, updatedAt: 0 };
  }

  async function setUp(app: AppId, record: ProviderRecord): Promise<SetUp> {
    const made = await trySetUp(app, record);
    if (!made.ok && record.enabled) log.warn('provider off', { app, provider: record.id, reason: made.reason });
    return made;
  }

  async function trySetUp(app: AppId, record: ProviderRecord): Promise<SetUp> {
    if (!record.enabled) return { ok: false, reason: 'is switched off' };
    const found = find(record.plugin);
    if (found === undefined) return { ok: false, reason: offReason(record.plugin) };
    let config: Config;
    try {
      config = openConfig(found.plugin.config, record.config, placeOf(app, record.id));
    } catch (error) {
      return { ok: false, reason: `its secrets cannot be opened (${sayThrown(error)})` };
    }
    const [refused] = await refusedAddresses(config, options.egress);
    if (refused !== undefined) return { ok: false, reason: `${refused.path.join('.')}: ${refused.reason}` };
    const { realm, egress, setupLimitMs, callLimitMs } = options;
    const child = log.child({ app, provider: record.id, plugin: record.plugin });
    return setUpProvider({ ...found, config, log: child, clock, realm, egress, setupLimitMs, callLimitMs });
  }

  async function provider(app: AppId, providerId: string): Promise<ProviderHandle | undefined> {
    return (await providers(app)).find(({ id }) => id === providerId);
  }

  async function providers(app: AppId): Promise<readonly ProviderHandle[]> {
    return [...(await held.slots(app)).values()].map((slot) => {
      const { plugin } = slot.record();
      return createHandle({ slot, plugin: find(plugin)?.plugin, off: offReason(plugin), clock });
    });
  }

  async function configure(app: AppId, input: ProviderInput): Promise<Configured> {
    const found = find(input.plugin);
    if (found === undefined) return { ok: false, problems: checkConfig(input) };
    const schema = found.plugin.config;
    const place = placeOf(app, input.id);
    const stored = await store.get(app, input.id);
    const sameKind = stored?.plugin === input.plugin ? stored : undefined;
    const opened = openConfig(schema, keepSecrets(schema, input.config, sameKind?.config), place);
    const problems = checkConfig({ plugin: input.plugin, config: opened });
    if (problems.length > 0) return { ok: false, problems };

    const { enabled = true, managed = false } = input;
    // A file is applied although an address in it is refused: the server must start, and OUTBOUND_ALLOW may be meant to come later.
    const refused = managed ? [] : await refusedAddresses(opened, options.egress);
    if (refused.length > 0) return { ok: false, problems: refused };
    const quota = input.quota === undefined ? {} : { quota: input.quota };
    const next = { id: input.id, plugin: input.plugin, enabled, managed, ...quota, updatedAt: clock.now() };
    // A seal is different each time: what is stored stays, so that a start with the same provision file changes nothing anywhere.
    const isSame = sameKind !== undefined && isDeepStrictEqual(openConfig(schema, sameKind.config, place), opened);
    const config = isSame ? sameKind.config : sealConfig(schema, opened, place);
    const isAsBefore = isSame && isDeepStrictEqual(sameKind.quota, input.quota);
    if (
      isAsBefore &&
      sameKind.enabled === enabled &&
      sameKind.managed === managed &&
      sameKind.pausedReason === undefined
    ) {
      return { ok: true, record: sameKind };
    }
    const record = { ...next, config };
    const made = await setUp(app, record);
    if (!made.ok && enabled && !managed) return { ok: false, problems: [{ path: [], reason: made.reason }] };
    try {
      if (!(await store.put(app, record, stored?.version ?? 0))) throw new BelfryError('conflict');
    } catch (error) {
      if (made.ok) await made.running.retire();
      throw error;
    }
    await held.adopt(app, record, made);
    onChange(app, record.id);
    return { ok: true, record };
  }

  function checkConfig({ plugin: id, config }: Pick<ProviderInput, 'plugin' | 'config'>): readonly ConfigProblem[] {
    const found = find(id);
    if (found === undefined) return [{ path: ['plugin'], reason: offReason(id) }];
    const parsed = found.plugin.config.safeParse(config);
    if (parsed.success) return [];
    return parsed.error.issues.map(({ path, message }) => ({
      path: path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
      reason: message,
    }));
  }

  /** What is stored then; undefined when there is no such configuration. Throws `conflict` when others change it all the time. */
  async function storePause(
    app: AppId,
    providerId: string,
    { reason, standIn: ofProcess }: { reason: string | undefined; standIn: ProviderRecord | undefined },
  ): Promise<ProviderRecord | undefined> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const stored = await store.get(app, providerId);
      const found: ProviderRecord | undefined = stored ?? ofProcess;
      if (found === undefined) return undefined;
      const { pausedReason: _, ...record } = found;
      const next = reason === undefined ? record : { ...record, pausedReason: reason };
      // The stand-in is in no store: its pause lasts as long as this process.
      if (record.updatedAt === 0 || (await store.put(app, next, stored?.version ?? 0))) return next;
    }
    throw new BelfryError('conflict');
  }

  async function setPause(app: AppId, providerId: string, reason: string | undefined): Promise<void> {
    const slot = (await held.slots(app)).get(providerId);
    const next = await storePause(app, providerId, { reason, standIn: slot?.record() });
    if (next === undefined) return;
    await slot?.put(next);
    onChange(app, providerId);
  }

  return {
    provider,
    providers,
    configure,
    checkConfig,
    checkAddresses: ({ config }) => refusedAddresses(config, options.egress),
    async remove(app, providerId) {
      const removed = await store.remove(app, providerId);
      held.stale(app);
      if (removed) onChange(app, providerId);
      return removed;
    },
    pause: (app, providerId, reason) => setPause(app, providerId, reason),
    resume: (app, providerId) => setPause(app, providerId, undefined),
    async check(app, providerId, signal) {
      const made = await (await held.slots(app)).get(providerId)?.current();
      if (made === undefined) return { ok: false, detail: 'There is no such provider.' };
      return made.ok ? made.running.check(signal) : { ok: false, detail: made.reason };
    },
    health: async (app, providerId) => (await held.slots(app)).get(providerId)?.health.read(),
    shownConfig(record) {
      const schema = find(record.plugin)?.plugin.config;
      // Without its plugin nobody knows which fields are secret.
      return schema === undefined ? {} : maskConfig(schema, record.config);
    },
    changed: (app) => held.stale(app),
    close: () => held.close(),
  };
}
