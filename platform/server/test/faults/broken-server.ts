// A server with one mechanism switched off, as a program: node broken-server.ts MECHANISM. Everything else is
// the server that is shipped.

import { openEngine } from '../../src/compose/open-engine.ts';
import { createServer } from '../../src/compose/server.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { mechanisms } from './mechanisms.ts';

const mechanism = mechanisms.find(({ id }) => id === process.argv[2]);
if (mechanism === undefined) throw new Error(`there is no mechanism ${process.argv[2] ?? ''}`);
const { switchOff = (engine) => engine } = mechanism;
const loaded = loadConfig({ env: process.env, cwd: process.cwd(), isTerminal: false });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const log = createLog(loaded.config.log);
const server = await createServer(loaded.config, log, {
  openEngine: async (config, deps) => switchOff(await openEngine(config, deps)),
});
await server.listen();
log.info('listening', { url: server.url });
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
