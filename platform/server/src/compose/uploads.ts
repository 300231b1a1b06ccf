// Puts uploads together over the stores and blobs of an engine. What messages do with them is wired in messaging.ts.

import type { Config } from '../config/config.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Log } from '../ports/log.ts';
import type { Apps } from '../tenancy/apps.ts';
import { FileLinks } from '../uploads/file-links.ts';
import { createTidying, type Tidying } from '../maintenance/upload-tidying.ts';
import { createUploads, type Uploads } from '../uploads/uploads.ts';
import type { Engine } from './engine.ts';

export function composeUploads(deps: {
  engine: Engine;
  config: Config;
  apps: Apps;
  secret: string;
  mayRead: (app: AppId, stream: string, userId: string) => Promise<boolean>;
  log: Log;
}): { uploads: Uploads; tidying: Tidying } {
  const { engine, config, apps, secret, mayRead, log } = deps;
  const { blobs, clock } = engine;
  const { limits } = config;
  const store = engine.stores.uploads;
  return {
    uploads: createUploads({
      store,
      blobs,
      links: new FileLinks(secret),
      settings: async (app) => (await apps.get(app)).settings,
      mayRead,
      limits,
      clock,
      log,
    }),
    tidying: createTidying({ store, blobs, apps, limits, clock, log }),
  };
}
