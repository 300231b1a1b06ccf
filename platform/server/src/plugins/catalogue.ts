// All plugins that were found, on or off, each with its state and reason. Configures none: that is providers.ts.
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

export interface Catalogue {
  /** Finds and imports everything, one after the other: what a plugin does to the process is then its own. Never throws because of a plugin. */
  load(): Promise<void>;
  list(): readonly PluginState[];
  inhabitants(): Iterable<Inhabitant>;
  providerPlugin(id: string): { plugin: NotificationProvider; at: Inhabitant } | undefined;
  messageType(id: string): MessageType | undefined;
  messageTypes(): readonly MessageType[];
  addFault(dir: string): number;
}

interface CatalogueOptions {
  /** In order of precedence: of two plugins with one id the first wins. */
  roots: readonly string[];
  realm: Realm;
  clock: Clock;
  log: Log;
  importLimitMs: number;
  importModule: (url: string) => Promise<unknown>;
  /** Told of the folders before any is imported. */
  onFolders: (dirs: readonly string[]) => void;
}

export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { roots, realm, clock, log, importLimitMs, importModule, onFolders } = options;
  const states = new Map<string, PluginState>();
  const providers = new Map<string, { plugin: NotificationProvider; at: Inhabitant }>();
  const types = new Map<string, MessageType>();

  const turnOff = (state: Omit<PluginState, 'state' | 'faults'>, reason: string): void => {
    states.set(state.dir, { ...state, state: 'off', reason, faults: 0 });
    log.warn('plugin off', { plugin: state.id, dir: state.dir, reason });
  };

  async function loadFolder({ dir, name }: PluginFolder): Promise<void> {
    const found = await findManifest(dir);
    const { version } = found;
    if (!found.ok) {
      turnOff({ id: name, kind: undefined, dir, version }, found.reason);
      return;
    }
    const { id, kind } = found.manifest;
    const twin = [...states.values()].find((other) => other.id === id && other.kind === kind);
    if (twin !== undefined) {
      turnOff({ id, kind, dir, version }, `the id is taken by ${twin.dir}`);
      return;
    }
    // Entered before the import, so that a fault of the import itself finds its folder.
    states.set(dir, { id, kind, dir, state: 'off', reason: 'is being imported', version, faults: 0 });
    const at = { id, dir };
    const loaded = await realm.enter(at, () => importPlugin(found, { clock, limitMs: importLimitMs, importModule }));
    if (!loaded.ok) {
      turnOff({ id, kind, dir, version }, loaded.reason);
      return;
    }
    const { plugin } = loaded;
    if (plugin.kind === 'notification-provider') providers.set(id, { plugin, at });
    else
      types.set(
        id,
        markCalls(plugin, (run) => realm.enter(at, run)),
      );
    const displayName = plugin.displayName ?? id;
    states.set(dir, { id, kind, dir, state: 'on', displayName, version, faults: states.get(dir)?.faults ?? 0 });
  }

  return {
    async load() {
      const { folders, problems } = await discoverFolders(roots);
      for (const problem of problems) log.warn('plugins folder cannot be read', { ...problem });
      onFolders(folders.map(({ dir }) => dir));
      for (const folder of folders) if (!states.has(folder.dir)) await loadFolder(folder);
    },
    list: () => [...states.values()],
    inhabitants: () => states.values(),
    providerPlugin: (id) => providers.get(id),
    messageType: (id) => types.get(id),
    messageTypes: () => [...types.values()],
    addFault(dir) {
      const state = states.get(dir);
      if (state === undefined) return 0;
      state.faults += 1;
      return state.faults;
    },
  };
}

/** What a message type starts in its methods is its own as well. */
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
