// A program that a test kills: a node with some connections in presence, until then. Prints `ready` when they are
// there. Run: node presence-process.ts REDIS_URL APP NODE LEASE_MS CONNECTIONS.

import { createSystemClock } from '../../src/drivers/clock.ts';
import { RedisPresence } from '../../src/drivers/presence/redis/redis-presence.ts';
import { asAppId } from '../../src/ports/app-id.ts';
import { silentLog } from '../../src/ports/log.ts';
import { sampleConnection } from './samples.ts';

const [, , url = '', key = '', node = '', leaseMs = '', connections = ''] = process.argv;
const app = asAppId(key);
const clock = createSystemClock();
const presence = new RedisPresence({ address: { url }, node, clock, log: silentLog, leaseMs: Number(leaseMs) });
const records = Array.from({ length: Number(connections) }, (_, i) => sampleConnection({ userId: `user-${i}`, node }));
await presence.connect({ own: () => records.map((record) => ({ app, record })) });
await Promise.all(records.map((record) => presence.join(app, record)));
process.stdout.write('ready\n');
