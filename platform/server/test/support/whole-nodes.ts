// Two gateways and a worker in the test's process, over servers that the test started: nodes `n1`, `n2` and `n3`.

import type { MongoServer } from './mongo-server.ts';
import { startWholeServer, type WholeServer, type WholeServerOptions } from './whole-server.ts';

interface NodesOptions extends Omit<WholeServerOptions, 'env' | 'foundation'> {
  mongo: Pick<MongoServer, 'url'>;
  /** As `REDIS_URL` has it. */
  redisUrl: string;
}

/** Started at once, as an orchestrator starts them; whoever calls stops each. */
export function startWholeNodes({ mongo, redisUrl, ...options }: NodesOptions): Promise<WholeServer[]> {
  const env = { MONGODB_URL: mongo.url, REDIS_URL: redisUrl, BELFRY_SECRET: 'the same on every node' };
  const roles = ['gateway', 'gateway', 'worker'] as const;
  return Promise.all(
    roles.map((role, at) =>
      startWholeServer({ ...options, env: { ...env, ROLE: role }, foundation: { node: `n${at + 1}` } }),
    ),
  );
}
