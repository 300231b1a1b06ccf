// All plugins that were found, on or off, each with its state and reason. Configures none: that is
// providers.ts.
import type { MessageType, NotificationProvider, PluginKind } from '@belfry/plugin-kit';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { discoverFolders } from './discover-folders.ts';
import type { PluginFolder } from './discover-folders.ts';
import { findManifest, importPlugin } from './load-plugin.ts';
import type { Inhabitant, Realm } from './realm.ts';

export interface PluginState {
  /** The folder's name where the manifest can't be read. */
  id: string;
  /** Undefined where the manifest can't be read. */
  kind: PluginKind | undefined;
  dir: string;
  state: 'on' | 'off';
  /** Why it is off. */
  reason?: string;
  displayName?: string;
  /** Of its package.json; empty where that has none. */
  version: string;
  /** Errors it threw where nobody could catch them, since the start. */
  faults: number;
}

interface CatalogueOptions {
  /** In order of precedence: of two plugins with one id the first wins. */
  roots: readonly string[];
  realm: Realm;
  clock: Clock;
  log: Log;
  importLimitMs: number;
  importModule: (url: string) => Promise<unknown>;
  /** Called with the folders before any is imported. */
  onFolders: (dirs: readonly string[]) => void;
}

type FoundState = Omit<PluginState, 'state' | 'faults'>;

export class Catalogue {
  readonly #options: CatalogueOptions;
  /** By folder. */
  readonly #states = new Map<string, PluginState>();
  readonly #providers = new Map<string, { plugin: NotificationProvider; at: Inhabitant }>();
  readonly #types = new Map<string, MessageType>();

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  /**
   * Finds and imports everything, one after the other: what a plugin does to the process is then its own.
   * Never throws because of a plugin.
   */
  async load(): Promise<void> {
    const { roots, log, onFolders } = this.#options;
    const { folders, problems } = await discoverFolders(roots);
    for (const problem of problems) log.warn('plugins folder cannot be read', { ...problem });
    onFolders(folders.map(({ dir }) => dir));
    for (const folder of folders) if (!this.#states.has(folder.dir)) await this.#loadFolder(folder);
  }

  list(): readonly PluginState[] {
    return [...this.#states.values()];
  }

  providerPlugin(id: string): { plugin: NotificationProvider; at: Inhabitant } | undefined {
    return this.#providers.get(id);
  }

  /** The reason why there is no notification provider of this id to use. */
  offReason(id: string): string {
    const state = this.list().find((plugin) => plugin.id === id && plugin.kind !== 'message-type');
    return state?.reason ?? `there is no notification provider ${id} among the plugins`;
  }

  messageType(id: string): MessageType | undefined {
    return this.#types.get(id);
  }

  messageTypes(): readonly MessageType[] {
    return [...this.#types.values()];
  }

  /** How many it has had since the start. */
  addFault(dir: string): number {
    const state = this.#states.get(dir);
    if (state === undefined) return 0;
    state.faults += 1;
    return state.faults;
  }

  async #loadFolder({ dir, name }: PluginFolder): Promise<void> {
    const { realm, clock, importLimitMs: limitMs, importModule } = this.#options;
    const found = await findManifest(dir);
    const { version } = found;
    if (!found.ok) {
      this.#turnOff({ id: name, kind: undefined, dir, version }, found.reason);
      return;
    }
    const { id, kind } = found.manifest;
    const twin = this.list().find((other) => other.id === id && other.kind === kind);
    if (twin !== undefined) {
      this.#turnOff({ id, kind, dir, version }, `the id is taken by ${twin.dir}`);
      return;
    }
    // Entered before the import, so that a fault of the import itself finds its folder.
    this.#states.set(dir, { id, kind, dir, state: 'off', reason: 'is being imported', version, faults: 0 });
    const at = { id, dir };
    realm.admit(at);
    const loaded = await realm.enter(at, () => importPlugin(found, { clock, limitMs, importModule }));
    if (!loaded.ok) {
      this.#turnOff({ id, kind, dir, version }, loaded.reason);
      return;
    }
    const { plugin } = loaded;
    if (plugin.kind === 'notification-provider') this.#providers.set(id, { plugin, at });
    else {
      const type = markCalls(plugin, (run) => realm.enter(at, run));
      this.#types.set(id, type);
    }
    const displayName = plugin.displayName ?? id;
    const faults = this.#states.get(dir)?.faults ?? 0;
    this.#states.set(dir, { id, kind, dir, state: 'on', displayName, version, faults });
  }

  #turnOff(state: FoundState, reason: string): void {
    this.#states.set(state.dir, { ...state, state: 'off', reason, faults: 0 });
    this.#options.log.warn('plugin off', { plugin: state.id, dir: state.dir, reason });
  }
}

/** Work that the methods of a message type start is the plugin's own as well. */
function markCalls(type: MessageType, enter: <T>(run: () => T) => T): MessageType {
  return Object.freeze({
    ...type,
    preview: (...given: Parameters<MessageType['preview']>) => enter(() => type.preview(...given)),
    ...(type.accept === undefined
      ? {}
      : {
          accept: (...given: Parameters<NonNullable<MessageType['accept']>>) =>
            enter(() => type.accept?.(...given) ?? true),
        }),
    ...(type.uploads === undefined
      ? {}
      : {
          uploads: (...given: Parameters<NonNullable<MessageType['uploads']>>) =>
            enter(() => type.uploads?.(...given) ?? []),
        }),
    ...(type.upgrade === undefined
      ? {}
      : {
          upgrade: (...given: Parameters<NonNullable<MessageType['upgrade']>>) => enter(() => type.upgrade?.(...given)),
        }),
  });
}
