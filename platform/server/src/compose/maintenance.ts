// Puts together the work that nobody waits for: messages that are over their time, uploads that nobody uses,
// persons and apps that are to be erased. The nodes that run it are chosen by server.ts.

import type { Config } from '../config/config.ts';
import { createAppErasureRound } from '../maintenance/app-erasure.ts';
import { createErasureRedo } from '../maintenance/erasure-redo.ts';
import { createConsoleTidying } from '../maintenance/console-tidying.ts';
import { ErasureWorker } from '../maintenance/erasure.ts';
import { createRetention } from '../maintenance/retention.ts';
import { createUploadTidying } from '../maintenance/upload-tidying.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Core } from './core.ts';
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
  core: Pick<Core, 'apps' | 'appErasure' | 'facts' | 'messaging'>;
}): Maintenance {
  const { engine, config, surroundings, core } = deps;
  const { apps, messaging } = core;
  const { stores, blobs, queue, leases } = engine;
  const rounds = [
    createRetention({ stores, apps, limits: config.limits, queue, leases, surroundings }),
    createConsoleTidying({ stores, queue, leases, surroundings }),
    createUploadTidying({ store: stores.uploads, blobs, apps, limits: config.limits, queue, leases, surroundings }),
    createErasureRedo({ store: stores.erasures, apps, queue, leases, surroundings }),
    createAppErasureRound({ erasure: core.appErasure, apps, queue, leases, surroundings }),
    new ErasureWorker({
      ...{ stores, blobs, queue, surroundings },
      devices: messaging.devices,
      forgetPreferences: (app, userId) => messaging.preferences.forget(app, userId),
      removeParticipant: (app, id, userId) => messaging.conversations.removeParticipant(app, id, userId),
      deleteMessage: (app, id) => messaging.chatActions.deleteMessage(app, id, { origin: { via: 'http-key' } }),
      factsKept: () => core.facts.flush(),
      eraseMessages: (app, request) => messaging.messages.erase(app, request),
    }),
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
