// Puts together what runs in rounds: messages that are over their time, uploads that nobody uses. Which nodes run it is server.ts.

import type { Config } from '../config/config.ts';
import { createRetention } from '../maintenance/retention.ts';
import { createTidying } from '../maintenance/upload-tidying.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Apps } from '../tenancy/apps.ts';
import type { Engine } from './engine.ts';

export interface Maintenance {
  start(): void;
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
  const { stores, blobs } = engine;
  const { clock, log } = surroundings;
  const rounds = [
    createRetention({ stores, apps, clock, log }),
    createTidying({ store: stores.uploads, blobs, apps, limits: config.limits, clock, log }),
  ];
  return {
    start() {
      for (const round of rounds) round.start();
    },
    async stop() {
      for (const round of rounds) await round.stop();
    },
  };
}
