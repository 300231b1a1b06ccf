// Page policies, kinds and provider configurations in memory. Not what they mean.

import type { Kind } from '@belfry/protocol';
import type {
  KindStore,
  PageStore,
  PageVersion,
  ProviderRecord,
  ProviderStore,
  Versioned,
} from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { newestOfAll } from '../page-places.ts';
import { putVersioned } from './versioned.ts';

export function memoryPages(): Synchronous<PageStore> {
  /** By app and pattern, oldest version first. */
  const apps = new Map<string, Map<string, PageVersion[]>>();
  const of = (app: string): Map<string, PageVersion[]> => {
    const found = apps.get(app) ?? new Map<string, PageVersion[]>();
    apps.set(app, found);
    return found;
  };
  const newest = (versions: readonly PageVersion[] | undefined): PageVersion[] => {
    const last = versions?.at(-1);
    return last === undefined || last.removed ? [] : [last];
  };
  const pages: Synchronous<PageStore> = {
    list: (app) =>
      [...of(app)]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, versions]) => newest(versions))
        .map(({ policy }) => policy),
    put(app, version, keep) {
      const versions = of(app).get(version.policy.pattern) ?? [];
      if (version.policy.version !== (versions.at(-1)?.policy.version ?? 0) + 1) return false;
      of(app).set(version.policy.pattern, [...versions, version].slice(-(keep?.versions ?? Infinity)));
      if (keep !== undefined && version.removed) dropRemoved(of(app), keep.removed);
      return true;
    },
    putAll(app, versions, keep) {
      const fits = ({ policy }: PageVersion): boolean =>
        policy.version === (of(app).get(policy.pattern)?.at(-1)?.policy.version ?? 0) + 1;
      if (!versions.every(fits)) return false;
      for (const version of versions) pages.put(app, version, keep);
      return true;
    },
    history: (app, pattern, { beforeVersion = Infinity, limit }) =>
      [...(of(app).get(pattern) ?? [])]
        .reverse()
        .filter(({ policy }) => policy.version < beforeVersion)
        .slice(0, limit),
    historyOfAll: (app, { before, limit }) => newestOfAll([...of(app).values()].flat(), { before, limit }),
  };
  return pages;
}

function dropRemoved(patterns: Map<string, PageVersion[]>, most: number): void {
  const gone = [...patterns.values()]
    .flatMap((versions) => versions.at(-1) ?? [])
    .filter(({ removed }) => removed)
    .map(({ policy }) => policy)
    .toSorted((a, b) => (a.updatedAt < b.updatedAt || (a.updatedAt === b.updatedAt && a.pattern > b.pattern) ? 1 : -1));
  for (const { pattern } of gone.slice(most)) patterns.delete(pattern);
}

export function memoryKinds(): Synchronous<KindStore> {
  const { list, get, put, remove } = keyed<Kind>((kind) => kind.kind);
  return {
    ...{ list, put },
    remove: (app, kind, ifVersion = get(app, kind)?.version) =>
      ifVersion === get(app, kind)?.version && remove(app, kind),
  };
}

export function memoryProviders(): Synchronous<ProviderStore> {
  return keyed<ProviderRecord>((record) => record.id);
}

interface Keyed<T> {
  list: (app: string) => Versioned<T>[];
  get: (app: string, key: string) => Versioned<T> | undefined;
  put: (app: string, record: T, ifVersion: number) => boolean;
  remove: (app: string, key: string) => boolean;
}

/** Records of an app under a key of their own, listed in its order. */
function keyed<T extends object>(keyOfRecord: (record: T) => string): Keyed<T> {
  const apps = new Map<string, Map<string, Versioned<T>>>();
  const of = (app: string): Map<string, Versioned<T>> => {
    const found = apps.get(app) ?? new Map<string, Versioned<T>>();
    apps.set(app, found);
    return found;
  };
  return {
    list: (app) => [...of(app)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record),
    get: (app, key) => of(app).get(key),
    put: (app, record, ifVersion) => putVersioned(of(app), keyOfRecord(record), { record, ifVersion }),
    remove: (app, key) => of(app).delete(key),
  };
}
