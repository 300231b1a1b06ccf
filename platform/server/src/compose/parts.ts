// The parts of the server that the terminal's commands need, loaded only by those that need them: `belfry
// --help` must not wait for all of it.
import type { CheckResult } from '@belfry/plugin-kit';
import { asAppId } from '../ports/app-id.ts';
import type { ConfigProblem } from '../plugins/providers.ts';
import type { ProviderRecord } from '../ports/stores/settings.ts';
import type { Versioned } from '../ports/stores/versioned.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterConfig, Config, S3Config } from '../config/config.ts';
import { defaultLimits } from '../config/limits.ts';
import type { BucketState } from '../drivers/blobs/s3/s3-blobs.ts';
import type { RedisLook } from '../drivers/redis/look.ts';
import type { MongoLook } from '../drivers/stores/mongo/look.ts';
import { silentLog } from '../ports/log.ts';
import type { Moved } from '../maintenance/move/move.ts';
import type { MoveData } from './move-data.ts';
import type { Stores } from '../ports/stores/index.ts';
import type { AccountDesk } from './open-accounts.ts';
import type { AddressGuard } from '../tenancy/provisioning/addresses.ts';
import type { FeatureHost } from '../tenancy/provisioning/features.ts';
import type { MappingGuard } from '../tenancy/provisioning/hooks.ts';

/** A plugin that was found, on or off. */
export interface FoundPlugin {
  id: string;
  kind: string | undefined;
  dir: string;
  state: 'on' | 'off';
  reason?: string;
  version: string;
}

export interface LoadedPlugins extends AddressGuard, MappingGuard, FeatureHost {
  list(): readonly FoundPlugin[];
  checkConfig(input: {
    plugin: string;
    config: Record<string, unknown>;
  }): readonly { path: readonly PropertyKey[]; reason: string }[];
  /** Sets it up and asks its service whether the configuration works; sends nothing to anybody. */
  checkProvider(input: { id: string; plugin: string; config: Record<string, unknown> }): Promise<CheckResult>;
  stop(): Promise<void>;
}

/** The data of an installation for looking only; works beside running servers. */
export type DataReader = Pick<Stores, 'tenancy' | 'users' | 'installation' | 'close'>;

export interface Parts {
  /** Resolves with the exit code, after the drain. */
  runServer: (config: Config) => Promise<number>;
  openApiDocument: (options: { admin: boolean }) => Promise<unknown>;
  /** Rejects with an Error whose message is for the operator; undefined when nothing was stored yet. */
  openData: (config: Pick<Config, 'dataDir' | 'cluster'>) => Promise<DataReader | undefined>;
  /** Each rejects with an Error whose message is for the operator. */
  backUp: (dataDir: string, target: string) => Promise<{ bytes: number }>;
  restore: (dataDir: string, backup: string) => Promise<{ movedAside: readonly string[] }>;
  raiseEpochs: (config: Pick<Config, 'dataDir' | 'cluster'>) => Promise<void>;
  /** Rejects with an Error whose message is for the operator. */
  makeIndexes: (
    mongodbUrl: string,
    onStart: (index: string) => void,
  ) => Promise<{ made: readonly string[]; blocked: readonly { index: string; reason: string }[] }>;
  /** Rejects with an Error whose message is for the operator. */
  moveData: (request: MoveData) => Promise<Moved>;
  /** What the servers of a cluster, and the bucket, are like; each rejects with an Error where none answers. */
  lookAtMongo: (url: string) => Promise<MongoLook>;
  lookAtRedis: (address: ClusterConfig['redis']) => Promise<RedisLook>;
  lookAtBucket: (address: S3Config) => Promise<BucketState>;
  /** Rejects with an Error whose message is for the operator; undefined when there is no data yet. */
  openAccounts: (config: Config) => Promise<AccountDesk | undefined>;
  /** An issuer's keys, asked for as a server does. */
  fetchJwks: (url: string, outboundAllow: readonly string[]) => Promise<unknown>;
  loadPlugins: (options: {
    pluginsDir?: string | undefined;
    outboundAllow?: readonly string[];
  }) => Promise<LoadedPlugins>;
}

const dataFileName = 'belfry.db';

/** The plugins that come with the server. */
const shippedPlugins = join(import.meta.dirname, '../../../../plugins');

export const loadParts: Parts = {
  async runServer(config) {
    const { runServer } = await import('../main.ts');
    return runServer(config);
  },

  async openApiDocument({ admin }) {
    if (admin) {
      const [{ adminApiDocument }, { adminRouteTable }] = await Promise.all([
        import('../http/doors/admin/openapi.ts'),
        import('../http/doors/admin/route-table.ts'),
      ]);
      return adminApiDocument(adminRouteTable);
    }
    const { publicApiDocument } = await import('../http/doors/public/openapi.ts');
    return publicApiDocument();
  },

  async openData({ dataDir, cluster }) {
    if (cluster !== undefined) {
      const [{ readMongoRecords }, { createSystemClock }] = await Promise.all([
        import('../drivers/stores/mongo/create-mongo-stores.ts'),
        import('../drivers/clock.ts'),
      ]);
      const address = { url: cluster.mongodbUrl };
      return await readMongoRecords({ address, clock: createSystemClock(), log: silentLog });
    }
    // Without the file, opening to read would fail with less than a clear word.
    if (!existsSync(join(dataDir, dataFileName))) return undefined;
    const { createSqliteStores } = await import('../drivers/stores/sqlite/create-sqlite-stores.ts');
    return createSqliteStores({ dataDir, readOnly: true });
  },

  async backUp(dataDir, target) {
    const { backUp } = await import('../drivers/stores/sqlite/backup.ts');
    return await backUp(join(dataDir, dataFileName), target);
  },

  async restore(dataDir, backup) {
    const { restore } = await import('../drivers/stores/sqlite/backup.ts');
    return await restore(join(dataDir, dataFileName), backup);
  },

  async raiseEpochs({ dataDir, cluster }) {
    if (cluster !== undefined) {
      const [{ raiseMongoEpochs }, { createSystemClock }] = await Promise.all([
        import('../drivers/stores/mongo/create-mongo-stores.ts'),
        import('../drivers/clock.ts'),
      ]);
      const address = { url: cluster.mongodbUrl };
      await raiseMongoEpochs({ address, clock: createSystemClock(), log: silentLog });
      return;
    }
    const { raiseInPlace } = await import('../drivers/stores/sqlite/backup.ts');
    raiseInPlace(join(dataDir, dataFileName));
  },

  async makeIndexes(mongodbUrl, onStart) {
    const [{ makeIndexes }, { createSystemClock }] = await Promise.all([
      import('../drivers/stores/mongo/make-indexes.ts'),
      import('../drivers/clock.ts'),
    ]);
    return await makeIndexes({ url: mongodbUrl }, createSystemClock(), onStart);
  },

  async moveData(request) {
    const { moveData } = await import('./move-data.ts');
    return await moveData(request);
  },

  async lookAtMongo(url) {
    const [{ lookAtMongo }, { createSystemClock }] = await Promise.all([
      import('../drivers/stores/mongo/look.ts'),
      import('../drivers/clock.ts'),
    ]);
    return await lookAtMongo({ address: { url }, clock: createSystemClock(), log: silentLog });
  },

  async lookAtRedis(address) {
    const [{ lookAtRedis }, { createSystemClock }] = await Promise.all([
      import('../drivers/redis/look.ts'),
      import('../drivers/clock.ts'),
    ]);
    return await lookAtRedis(address, createSystemClock());
  },

  async lookAtBucket(address) {
    const [{ S3Blobs }, { createSystemClock }] = await Promise.all([
      import('../drivers/blobs/s3/s3-blobs.ts'),
      import('../drivers/clock.ts'),
    ]);
    const blobs = new S3Blobs({ address, clock: createSystemClock() });
    try {
      return await blobs.look();
    } finally {
      await blobs.close();
    }
  },

  async openAccounts(config) {
    const { openAccounts } = await import('./open-accounts.ts');
    return openAccounts(config);
  },

  async fetchJwks(url, outboundAllow) {
    const [{ Egress }, { fetchJwks }, { createSystemClock }] = await Promise.all([
      import('../egress/egress.ts'),
      import('./identity.ts'),
      import('../drivers/clock.ts'),
    ]);
    const egress = new Egress({ allow: outboundAllow, clock: createSystemClock(), limits: defaultLimits() });
    try {
      return await fetchJwks(egress, url);
    } finally {
      await egress.close();
    }
  },

  async loadPlugins({ pluginsDir, outboundAllow = [] }) {
    const [{ PluginHost }, { createMetrics }, { createVault }, { createSystemClock }, { Egress }, { Mapper }] =
      await Promise.all([
        import('../plugins/plugin-host.ts'),
        import('../telemetry/metrics.ts'),
        import('../tenancy/vault.ts'),
        import('../drivers/clock.ts'),
        import('../egress/egress.ts'),
        import('../hooks/mapping/mapper.ts'),
      ]);
    const metrics = createMetrics();
    const clock = createSystemClock();
    const egress = new Egress({ allow: outboundAllow, clock, limits: defaultLimits() });
    const mapper = new Mapper({
      clock,
      log: silentLog,
      metrics,
      limits: { ...defaultLimits(), hookMappingMs: mappingMs },
    });
    const tried = new Map<string, Versioned<ProviderRecord>>();
    const host = new PluginHost({
      shippedDir: shippedPlugins,
      pluginsDir,
      // What is tried here is kept for that, one at a time, and nowhere else.
      store: {
        list: async () => [...tried.values()],
        get: async (_app, id) => tried.get(id),
        async put(_app, record, ifVersion) {
          tried.set(record.id, { ...record, version: ifVersion + 1 });
          return true;
        },
        remove: async (_app, id) => tried.delete(id),
      },
      vault: createVault('unused'),
      clock,
      log: silentLog,
      metrics,
      egress,
      // Nobody listens.
      facts: { record: () => undefined },
      defaultProvider: { plugin: 'logging', config: {} },
      callLimitMs: 10_000,
      limits: defaultLimits(),
    });
    await host.start();
    return {
      list: () => host.list(),
      messageTypes: () => host.messageTypes(),
      checkConfig: (input) => host.checkConfig(input),
      checkAddresses: (input) => host.checkAddresses(input),
      async checkProvider({ id, plugin, config }) {
        const configured = await host.configure(nobody, { id, plugin, config });
        if (!configured.ok) return { ok: false, detail: configured.problems.map(sayProblem).join('; ') };
        const said = await host.check(nobody, id, AbortSignal.timeout(providerLimitMs));
        await host.remove(nobody, id);
        return said;
      },
      checkMapping: (mapping) => mapper.check('provision file', mapping),
      checkUrl: (url) => egress.checkUrl(url),
      checkUrlText: (url) => egress.checkUrlText(url),
      async stop() {
        await host.stop();
        await egress.close();
        await mapper.close();
        metrics.close();
      },
    };
  },
};

function sayProblem({ path, reason }: ConfigProblem): string {
  return path.length === 0 ? reason : `${path.join('.')}: ${reason}`;
}

/** Whose providers are tried. */
const nobody = asAppId('doctor');
const providerLimitMs = 15_000;
/** Here mappings are compiled, never run. */
const mappingMs = 2000;
