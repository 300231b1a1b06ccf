// Puts together the work in rounds: messages that are over their time, uploads that nobody uses. The nodes
// that run it are chosen by server.ts.

import type { Config } from '../config/config.ts';
import { Retention } from '../maintenance/retention.ts';
import { UploadTidying } from '../maintenance/upload-tidying.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { Engine } from './engine.ts';

export interface Maintenance {
  start(): Promise<void>;
  /** Resolves when the rounds under way are done. */
  stop(): Promise<void>;
}

export function composeMaintenance(deps: {
  engine: Engine;
  config: Config;
  surroundings: Surroundings;
  apps: Apps;
}): Maintenance {
  const { engine, config, surroundings, apps } = deps;
  const { stores, blobs, queue, leases } = engine;
  const rounds = [
    new Retention({ stores, apps, limits: config.limits, queue, leases, surroundings }),
    new UploadTidying({ store: stores.uploads, blobs, apps, limits: config.limits, queue, leases, surroundings }),
  ];
  return {
    async start() {
      for (const round of rounds) await round.start();
    },
    async stop() {
      for (const round of rounds) await round.stop();
    },
  };
}
