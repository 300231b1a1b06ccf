// A whole server in this process, on a free port and a folder of its own, with the means for a test to talk
// to it. Closed by the test's helper, never by time.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Foundation, type Server } from '../../src/compose/server.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { startEngine, type EngineUnderTest } from './engine-under-test.ts';
import { freePort } from './free-port.ts';
import { provisionFile, type ProvisionOptions } from './provision.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface LogLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

export interface WholeServer extends ApiClient {
  readonly url: string;
  readonly server: Server;
  /** For a test that looks into what is stored. */
  readonly engine: EngineUnderTest;
  /** The headers of the playground page's requests. */
  readonly playgroundHeaders: Record<string, string>;
  /** Every line logged so far. */
  readonly lines: readonly LogLine[];
  /** The first line that fits, written already or later. The test's own time limit bounds the wait. */
  line(fits: (line: LogLine) => boolean): Promise<LogLine>;
  /** Drops the lines so far, where the memory of this process is looked at. */
  forgetLines(): void;
  /** Stops it and deletes its folder. */
  stop(): Promise<void>;
  /** Stops it and starts another on the same data. */
  restart(): Promise<void>;
}

export interface WholeServerOptions extends ProvisionOptions {
  /** Further variables. */
  env?: Record<string, string>;
  /** Of a node of a cluster; the configuration of the embedded engine knows `all` alone. */
  role?: Config['role'];
  /** `restart` starts it on the same port, so that clients find it again. */
  keepsPort?: boolean;
  foundation?: Foundation;
  /** The one of other servers too, whose test closes it. One of its own when left out. */
  engine?: EngineUnderTest;
}

export async function startWholeServer(options: WholeServerOptions = {}): Promise<WholeServer> {
  const engine = options.engine ?? (await startEngine());
  const folder = createTemporaryFolder();
  const provision = join(folder.path, 'provision.yaml');
  writeFileSync(provision, provisionFile(options));
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  async function leave(): Promise<void> {
    if (options.engine === undefined) await engine.close();
    folder.remove();
  }

  // One on port 0 could find its port taken when it starts again.
  const port = options.keepsPort === true ? String(await freePort()) : '0';
  let running = await start().catch(async (error: unknown) => {
    await leave();
    throw error;
  });

  async function start(): Promise<Server> {
    const loaded = loadConfig({
      env: {
        PORT: port,
        DATA_DIR: join(folder.path, 'data'),
        PROVISION_FILE: provision,
        LOG_FORMAT: 'json',
        OUTBOUND_ALLOW: '127.0.0.0/8',
        // A machine that is busy with other tests is slow without having too many clients.
        LIMIT_EVENT_LOOP_DELAY_MS: '0',
        ...engine.env,
        ...options.env,
      },
      cwd: folder.path,
      isTerminal: false,
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const log = createLog(loaded.config.log, {
      write(line) {
        lines.push(JSON.parse(line) as LogLine);
        for (const check of [...waiting]) check();
      },
    });
    const { role = loaded.config.role, foundation } = options;
    const server = await createServer({ ...loaded.config, role }, log, foundation);
    await server.listen();
    return server;
  }

  return {
    get url() {
      return running.url;
    },
    get server() {
      return running;
    },
    get playgroundHeaders() {
      return { 'belfry-playground': running.playground?.split('#')[1] ?? '' };
    },
    engine,
    lines,
    line: (fits) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = lines.find(fits);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    forgetLines: () => void lines.splice(0),
    ...createApiClient(() => running.url),
    async stop() {
      try {
        await running.stop();
      } finally {
        await leave();
      }
    },
    async restart() {
      await running.stop();
      running = await start();
    },
  };
}
