// Finds the plugins, keeps them, and runs their configurations; whatever is wrong with one, it is off and visible and the server starts. The parts are beside.
import type { MessageType, NotificationProvider } from '@belfry/plugin-kit';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ProviderStore } from '../ports/stores/settings.ts';
import type { Egress } from '../egress/egress.ts';
import { createCatalogue } from './catalogue.ts';
import type { PluginState } from './catalogue.ts';
import { createProviders } from './providers.ts';
import type { Providers } from './providers.ts';
import { createRealm } from './realm.ts';
import { sayThrown } from './say-thrown.ts';
import type { Config, Vault } from './seal-config.ts';
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
  /** The way out for providers, and whether a web address in a configuration may be called. */
  egress: Pick<Egress, 'fetch' | 'connect' | 'checkUrl'>;
  /** NOTIFICATION_PROVIDER and the configuration that goes with it. `firebase` is `fcm`'s other name. */
  defaultProvider: { plugin: string; config: Config };
  /** Of one call of a provider, ms. */
  callLimitMs: number;
  bus?: Pick<Bus, 'control'> | undefined;
  importModule?: (url: string) => Promise<unknown>;
}

export interface PluginHost extends Omit<Providers, 'close' | 'changed'> {
  /** Loads everything. Never rejects because of a plugin. */
  start(): Promise<void>;
  /** Closes every configuration after its calls. Idempotent. */
  stop(): Promise<void>;
  list(): readonly PluginState[];
  providerPlugin(id: string): NotificationProvider | undefined;
  messageType(id: string): MessageType | undefined;
  messageTypes(): readonly MessageType[];
  /**
   * To be asked first by the process's handlers of `uncaughtException` and `unhandledRejection`. True when a plugin is to blame: it is then logged and
   * counted, and the process goes on. What can't be told apart is said at `createRealm`.
   */
  takeFault(thrown: unknown): boolean;
}

/** Plenty for reading a few files, and for a service to answer a first call. */
const importLimitMs = 10_000;
const setupLimitMs = 10_000;

export function createPluginHost(options: PluginHostOptions): PluginHost {
  const { shippedDir, pluginsDir, store, vault, clock, log, metrics, egress, callLimitMs, bus } = options;
  const { importModule = (url: string): Promise<unknown> => import(url) } = options;
  const realm = createRealm(() => catalogue.inhabitants());
  const roots = [shippedDir, ...(pluginsDir === undefined ? [] : [pluginsDir])];
  const catalogue = createCatalogue({ roots, realm, clock, log, importLimitMs, importModule, onFolders: serve });
  const providers = createProviders({
    plugin: (id) => catalogue.providerPlugin(id),
    offReason,
    store,
    vault,
    clock,
    log,
    realm,
    egress,
    defaultProvider: { ...options.defaultProvider, plugin: realName(options.defaultProvider.plugin) },
    setupLimitMs,
    callLimitMs,
    onChange: (app) => void bus?.control.publish({ type: 'providers_changed', app }).catch(() => undefined),
  });
  const undo: (() => void)[] = [];

  function serve(dirs: readonly string[]): void {
    undo.push(serveKit(dirs));
  }

  function offReason(id: string): string {
    const state = catalogue.list().find((plugin) => plugin.id === id && plugin.kind !== 'message-type');
    return state?.reason ?? `there is no notification provider ${id} among the plugins`;
  }

  function takeFault(thrown: unknown): boolean {
    const culprit = realm.blame(thrown);
    if (culprit === undefined) return false;
    const faults = catalogue.addFault(culprit.dir);
    // One that throws in a loop may not fill the log: the 1st, 2nd, 4th, 8th ... are told.
    if (Number.isInteger(Math.log2(faults))) {
      log.warn('plugin fault', { plugin: culprit.id, faults, reason: sayThrown(thrown) });
    }
    return true;
  }

  return {
    ...providers,
    async start() {
      bus?.control.on('providers_changed', ({ app }) => providers.changed(app));
      undo.push(realm.guardExit(), realm.guardFetch());
      await catalogue.load();
      countStates(metrics, catalogue.list());
    },
    async stop() {
      await providers.close();
      for (const run of undo.splice(0)) run();
    },
    list: () => catalogue.list(),
    providerPlugin: (id) => catalogue.providerPlugin(id)?.plugin,
    messageType: (id) => catalogue.messageType(id),
    messageTypes: () => catalogue.messageTypes(),
    takeFault,
  };
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
