// Finds the plugins, keeps them, and runs their configurations. Whatever is wrong with one, it is off and
// visible and the server starts. The parts are beside.
import type { CheckResult, MessageType, NotificationProvider } from '@belfry/plugin-kit';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ProviderRecord, ProviderStore } from '../ports/stores/settings.ts';
import type { Egress } from '../egress/egress.ts';
import type { Vault } from '../tenancy/vault.ts';
import { Catalogue } from './catalogue.ts';
import type { PluginState } from './catalogue.ts';
import type { ProviderHandle } from './provider-handle.ts';
import type { ProviderHealth } from './provider-health.ts';
import { Providers } from './providers.ts';
import type { ConfigProblem, Configured, ProviderInput } from './providers.ts';
import { Realm } from './realm.ts';
import { sayThrown } from './say-thrown.ts';
import type { Config } from './seal-config.ts';
import { serveKit } from './serve-kit.ts';

export interface PluginHostOptions {
  /** The folder of the plugins that Belfry brings; its plugins win over others of the same id. */
  shippedDir: string;
  /** PLUGINS_DIR. */
  pluginsDir?: string | undefined;
  store: ProviderStore;
  vault: Vault;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  facts: Pick<Facts, 'record'>;
  /** The way out for providers, and whether a web address in a configuration may be called. */
  egress: Pick<Egress, 'fetch' | 'connect' | 'checkUrl'>;
  /** NOTIFICATION_PROVIDER and the configuration that goes with it. `firebase` is `fcm`'s other name. */
  defaultProvider: { plugin: string; config: Config };
  /** Where the service of a configuration reports to; undefined where the server does not know its address. */
  receiptUrl?: (app: AppId, providerId: string) => string | undefined;
  /** Of one call of a provider, ms. */
  callLimitMs: number;
  /** Of calls of providers, all together. */
  limits: { providerCallsAtOnce: number; providerCallsWaiting: number };
  /** Carries a hint to the other nodes that an app's configurations changed. */
  bus?: Pick<Bus, 'control'> | undefined;
  importModule?: (url: string) => Promise<unknown>;
}

/** Plenty for reading a few files, and for a service to answer a first call. */
const importLimitMs = 10_000;
const setupLimitMs = 10_000;

export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #realm = new Realm();
  readonly #catalogue: Catalogue;
  readonly #providers: Providers;
  readonly #undo: (() => void)[] = [];

  constructor(options: PluginHostOptions) {
    this.#options = options;
    const { shippedDir, pluginsDir, clock, log, metrics, bus, defaultProvider } = options;
    const { importModule = (url: string): Promise<unknown> => import(url) } = options;
    this.#catalogue = new Catalogue({
      roots: [shippedDir, ...(pluginsDir === undefined ? [] : [pluginsDir])],
      realm: this.#realm,
      clock,
      log,
      importLimitMs,
      importModule,
      onFolders: (dirs) => void this.#undo.push(serveKit(dirs)),
    });
    this.#providers = new Providers({
      ...options,
      surroundings: { clock, log, metrics },
      plugin: (id) => this.#catalogue.providerPlugin(id),
      offReason: (id) => this.#catalogue.offReason(id),
      realm: this.#realm,
      defaultProvider: { ...defaultProvider, plugin: realName(defaultProvider.plugin) },
      setupLimitMs,
      receiptUrl: options.receiptUrl ?? (() => undefined),
      onChange: (app) => void bus?.control.publish({ type: 'providers_changed', app }).catch(() => undefined),
    });
  }

  /** Loads everything. Never rejects because of a plugin. */
  async start(): Promise<void> {
    this.#options.bus?.control.on('providers_changed', ({ app }) => this.#providers.changed(app));
    this.#undo.push(this.#realm.guardExit(), this.#realm.guardFetch());
    await this.#catalogue.load();
    countStates(this.#options.metrics, this.list());
  }

  /** Closes every configuration after its calls. Idempotent. */
  async stop(): Promise<void> {
    await this.#providers.close();
    for (const run of this.#undo.splice(0)) run();
  }

  list(): readonly PluginState[] {
    return this.#catalogue.list();
  }

  providerPlugin(id: string): NotificationProvider | undefined {
    return this.#catalogue.providerPlugin(id)?.plugin;
  }

  messageType(id: string): MessageType | undefined {
    return this.#catalogue.messageType(id);
  }

  messageTypes(): readonly MessageType[] {
    return this.#catalogue.messageTypes();
  }

  /**
   * To be asked first by the process's handlers of `uncaughtException` and `unhandledRejection`. True when a
   * plugin is to blame: it is then logged and counted, and the process goes on. The cases that cannot be told
   * apart are listed at `Realm`.
   */
  takeFault(thrown: unknown): boolean {
    const culprit = this.#realm.blame(thrown);
    if (culprit === undefined) return false;
    const faults = this.#catalogue.addFault(culprit.dir);
    // One that throws in a loop may not fill the log: the 1st, 2nd, 4th, 8th ... are written.
    if (Number.isInteger(Math.log2(faults))) {
      this.#options.log.warn('plugin fault', { plugin: culprit.id, faults, reason: sayThrown(thrown) });
    }
    return true;
  }

  // The configurations of the providers; providers.ts says what each call does.

  provider(app: AppId, providerId: string): Promise<ProviderHandle | undefined> {
    return this.#providers.provider(app, providerId);
  }

  providers(app: AppId): Promise<readonly ProviderHandle[]> {
    return this.#providers.providers(app);
  }

  configure(app: AppId, input: ProviderInput): Promise<Configured> {
    return this.#providers.configure(app, input);
  }

  checkConfig(input: Pick<ProviderInput, 'plugin' | 'config'>): readonly ConfigProblem[] {
    return this.#providers.checkConfig(input);
  }

  checkAddresses(input: Pick<ProviderInput, 'config'>): Promise<readonly ConfigProblem[]> {
    return this.#providers.checkAddresses(input);
  }

  remove(app: AppId, providerId: string): Promise<boolean> {
    return this.#providers.remove(app, providerId);
  }

  pause(app: AppId, providerId: string, reason: string): Promise<void> {
    return this.#providers.pause(app, providerId, reason);
  }

  resume(app: AppId, providerId: string): Promise<void> {
    return this.#providers.resume(app, providerId);
  }

  check(app: AppId, providerId: string, signal: AbortSignal): Promise<CheckResult> {
    return this.#providers.check(app, providerId, signal);
  }

  health(app: AppId, providerId: string): Promise<ProviderHealth | undefined> {
    return this.#providers.health(app, providerId);
  }

  shownConfig(record: ProviderRecord): Config {
    return this.#providers.shownConfig(record);
  }
}

function realName(plugin: string): string {
  return plugin === 'firebase' ? 'fcm' : plugin;
}

function countStates(metrics: Metrics, states: readonly PluginState[]): void {
  const counts = new Map<string, { labels: readonly string[]; count: number }>();
  for (const { kind = 'unknown', state } of states) {
    const row = counts.get(`${kind} ${state}`) ?? { labels: [kind, state], count: 0 };
    row.count += 1;
    counts.set(`${kind} ${state}`, row);
  }
  for (const { labels, count } of counts.values()) metrics.set('plugins', labels, count);
}
