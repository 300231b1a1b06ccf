// Whole servers in this process, over an engine whose clock, disk or bus a test can break. For kills, which
// need a process: installation.ts.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Foundation, type Server } from '../../src/compose/server.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { freePort } from '../support/free-port.ts';
import type { Notebook } from './notebook.ts';
import { provisionText, pushTimeoutMs } from './setting.ts';

export interface Nodes {
  /** One a node, the same after a restart. */
  readonly urls: readonly string[];
  /** Drains all and starts them anew on the same data. */
  restart(foundations: readonly Foundation[]): Promise<void>;
  /** Drains all and removes the data. */
  stop(): Promise<void>;
}

export interface NodesOptions {
  notebook: Notebook;
  providerUrl: string;
  /** One a node. */
  foundations: readonly Foundation[];
  /** Whether an error in the log is to be expected; others are recorded as odd. */
  expects?: (msg: string) => boolean;
}

export async function startNodes({
  notebook,
  providerUrl,
  foundations,
  expects = () => false,
}: NodesOptions): Promise<Nodes> {
  const folder = createTemporaryFolder();
  const provision = join(folder.path, 'provision.yaml');
  writeFileSync(provision, provisionText({ providerUrl }));
  const ports = await Promise.all(foundations.map(() => freePort()));
  let running = await startAll(foundations);

  async function startAll(given: readonly Foundation[]): Promise<Server[]> {
    const started: Server[] = [];
    // One after the other: they share the data, and the first provisions it.
    for (const [index, port] of ports.entries()) started.push(await start(port, given[index] ?? {}));
    notebook.record({ type: 'started' });
    return started;
  }

  async function start(port: number, foundation: Foundation): Promise<Server> {
    const loaded = loadConfig({
      env: {
        ...{ PORT: String(port), DATA_DIR: join(folder.path, 'data'), PROVISION_FILE: provision, LOG_FORMAT: 'json' },
        ...{ OUTBOUND_ALLOW: '127.0.0.0/8', LIMIT_PUSH_TIMEOUT_MS: String(pushTimeoutMs) },
      },
      cwd: folder.path,
      isTerminal: false,
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const log = createLog(loaded.config.log, {
      write(line) {
        const { level, msg, err } = JSON.parse(line) as { level: string; msg: string; err?: unknown };
        if (level === 'error' && !expects(msg)) notebook.record({ type: 'odd', what: `${msg} ${JSON.stringify(err)}` });
      },
    });
    const server = await createServer(loaded.config, log, foundation);
    await server.listen();
    return server;
  }

  async function stopAll(): Promise<void> {
    notebook.record({ type: 'stopping', how: 'drain' });
    await Promise.all(running.map((server) => server.stop()));
    running = [];
    notebook.record({ type: 'stopped', how: 'drain', code: 0 });
  }

  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    async restart(given) {
      await stopAll();
      running = await startAll(given);
    },
    async stop() {
      await stopAll();
      folder.remove();
    },
  };
}
