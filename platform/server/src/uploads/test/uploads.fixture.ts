// Uploads over a folder and stores in memory, with a clock that stands still. For tests of the capability
// alone.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asAppId, type AppId } from '../../ports/app-id.ts';
import type { Log } from '../../ports/log.ts';
import type { AppSettings, UploadSettings } from '../../ports/stores/index.ts';
import { createDiskBlobs } from '../../drivers/blobs/disk/create-disk-blobs.ts';
import { MemoryLeases } from '../../drivers/leases/memory/memory-leases.ts';
import { createMemoryQueue } from '../../drivers/queue/memory/create-memory-queue.ts';
import { createMemoryStores } from '../../drivers/stores/memory/create-memory-stores.ts';
import { sampleApp } from '../../../test/support/samples.ts';
import { inPieces } from '../../../test/support/sample-files.ts';
import { createTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { FileLinks } from '../file-links.ts';
import type { IncomingFile } from '../receiving.ts';
import { createUploadReferences } from '../references.ts';
import { createUploadTidying } from '../../maintenance/upload-tidying.ts';
import { Uploads } from '../uploads.ts';

export const demo = asAppId('demo');
export const other = asAppId('other');

const testLimits = {
  uploadBytes: 10_000,
  uploadQuotaBytes: 25_000,
  uploadUnusedMs: 86_400_000,
  uploadDeadlineMs: 300_000,
  uploadLinkMs: 900_000,
  uploadsAtOnce: 40,
  uploadsAtOncePerUser: 8,
  unusedUploadsPerUser: 100,
};

/** `members` says who may read which conversation. */
export async function createTestUploads(members: Readonly<Record<string, readonly string[]>> = {}) {
  const folder = createTemporaryFolder();
  const blobs = await createDiskBlobs({ dir: folder.path });
  const stores = createMemoryStores();
  const clock = createVirtualClock();
  const warnings: string[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (msg) => void warnings.push(msg),
    error: () => undefined,
    child: () => log,
    isDebug: () => false,
  };
  const settings = new Map<AppId, AppSettings>();
  for (const app of [demo, other]) {
    settings.set(app, { waitMs: 0, deliveredMeans: 'any', retentionMs: 0, journeyRetentionMs: 0 });
  }
  const settingsOf = (app: AppId): AppSettings => {
    const found = settings.get(app);
    if (found === undefined) throw new Error(`no app ${app}`);
    return found;
  };
  const store = stores.uploads;
  const links = new FileLinks('a secret of the installation');
  const uploads = new Uploads({
    store,
    blobs,
    links,
    settings: async (app) => settingsOf(app),
    mayRead: async (_app, stream, userId) =>
      stream === `i:${userId}` || (stream.startsWith('c:') && members[stream.slice(2)]?.includes(userId) === true),
    limits: testLimits,
    clock,
    log,
  });
  const tidying = createUploadTidying({
    store,
    blobs,
    apps: {
      list: async () => [demo, other].map((app) => ({ ...sampleApp({ app, settings: settingsOf(app) }), version: 1 })),
    },
    limits: testLimits,
    ...{ queue: createMemoryQueue({ clock }), leases: new MemoryLeases(clock), surroundings: { clock, log } },
  });
  return {
    ...{ blobs, stores, store, clock, warnings, links, uploads, tidying },
    references: createUploadReferences({ store, clock }),
    set: (app: AppId, changed: Partial<AppSettings>) => settings.set(app, { ...settingsOf(app), ...changed }),
    setUploads: (app: AppId, uploadSettings: UploadSettings) =>
      settings.set(app, { ...settingsOf(app), uploads: uploadSettings }),
    /** Names of all files that are kept, parts of files too. */
    files: (): string[] =>
      readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).filter((name) =>
        statSync(join(folder.path, name)).isFile(),
      ),
    async dispose() {
      await tidying.stop();
      folder.remove();
    },
  };
}

export function incoming(name: string, content: Uint8Array, given: Partial<IncomingFile> = {}): IncomingFile {
  return { name, type: undefined, content: inPieces(content), owner: async () => 'alice', ...given };
}
