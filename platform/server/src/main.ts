// Runs a server from a configuration until it is told to stop: signals, exit codes, printed lines. The server
// is put together by compose/server.ts.

import { resolve as resolvePath } from 'node:path';
import { banner } from './cli/banner.ts';
import { onParentGone } from './cli/parent-gone.ts';
import type { Faults } from './compose/core.ts';
import { createServer, type Server } from './compose/server.ts';
import { StartProblem } from './compose/start-problem.ts';
import type { Config } from './config/config.ts';
import { isStartedByNpx } from './config/environment.ts';
import { version } from './config/version.ts';
import type { Log } from './ports/log.ts';
import { logConfigProblems, problemList } from './telemetry/config-problems.ts';
import { createLog } from './telemetry/log.ts';

/**
 * 0 after a drain; 78 for what the operator has to mend; 70 for a defect of ours; 1 when it ended before the drain
 * was done, or a part of it failed.
 */
type ExitCode = 0 | 1 | 70 | 78;

/**
 * npm, shells and systemd signal a whole group of processes, and npm hands on what it got besides: signals
 * that come together are one.
 */
const togetherMs = 2000;

/** Resolves with the process's exit code. */
export async function runServer(config: Config): Promise<ExitCode> {
  const log = createLog(config.log);
  // From the first moment: a signal during the start stops what has started.
  const stop = awaitStop(log);
  const faults = watchFaults(log);
  try {
    const server = await Promise.race([createServer(config, log, { faults }), faults.happened]);
    if (server === 'fault') return 70;
    await server.listen();
    announce(server, { config, log, setupCode: await server.setupCode() });
    const end = await Promise.race([stop.requested, faults.happened]);
    if (end === 'fault') return 70;
    return await drain(server, { log, drainMs: config.limits.drainMs, again: stop.again });
  } catch (error) {
    if (!(error instanceof StartProblem)) {
      log.error('start failed', { err: error });
      return 70;
    }
    const problems = error.problems.map((problem) => ({ ...problem }));
    logConfigProblems(log, problems);
    process.stderr.write(`${problemList('Belfry cannot start:', problems)}\n`);
    return 78;
  }
}

interface Announced {
  config: Config;
  log: Log;
  /** Of the console, as long as there is no administrator. */
  setupCode: string | undefined;
}

/** Programs read the log, people the banner: neither is told everything twice. */
function announce(server: Server, { config, log, setupCode }: Announced): void {
  const { url, address, internalAddress: internal, firstKey, dataDir, node } = server;
  const pages = {
    ...(config.role === 'worker' ? {} : { docs: `${url}/docs` }),
    ...(server.playground === undefined ? {} : { playground: url + server.playground }),
  };
  const key = firstKey && { ...firstKey, next: tokenCommand(firstKey.app, config) };
  const setup = setupCode === undefined ? undefined : `${url}/console/setup#code=${setupCode}`;
  const console = server.consolePath === undefined ? undefined : url + server.consolePath;
  if (config.log.format === 'pretty') {
    log.info('listening', { url, address, internal, node });
    const { notificationProvider } = config;
    process.stdout.write(
      `${banner({ version, url, console: setup ?? console, ...pages, key, notificationProvider })}\n`,
    );
    return;
  }
  log.info('listening', { url, address, internal, ...pages, console, setup, dataDir, node, version });
  if (key === undefined) return;
  const { app, keyFile, next, isNew } = key;
  log.info(isNew ? 'first start' : 'key file', { app, secretFile: keyFile, next });
}

/** As it works in another terminal, in the same folder. Addresses of a cluster may hold passwords. */
function tokenCommand(app: string, { dataDir, cluster }: Config): string {
  const command = `npx belfry token --app ${app} --user alice`;
  if (cluster !== undefined) return `${command}  (with the MONGODB_URL, REDIS_URL and BELFRY_SECRET of this node)`;
  const quoted = /^[\w./-]+$/.test(dataDir) ? dataDir : `'${dataDir}'`;
  const variable = dataDir === resolvePath('data') ? '' : `DATA_DIR=${quoted} `;
  return `${variable}${command}`;
}

async function drain(
  server: Server,
  options: { log: Log; drainMs: number; again: Promise<unknown> },
): Promise<ExitCode> {
  const { log, drainMs, again } = options;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(resolve, drainMs, 'late');
  });
  const stopped = server.stop().then(
    () => 'drained',
    (error: unknown) => {
      log.error('drain', { phase: 'incomplete', err: error });
      return 'incomplete';
    },
  );
  const outcome = await Promise.race([stopped, again, tooLong]);
  clearTimeout(timer);
  if (outcome === 'incomplete') return 1;
  if (outcome === 'drained') return 0;
  const reason = outcome === 'late' ? `not done within ${drainMs} ms` : 'second signal';
  log.warn('drain', { phase: 'cut', reason, waitingFor: server.ending });
  return 1;
}

function awaitStop(log: Log): { requested: Promise<'stop'>; again: Promise<'again'> } {
  const requested = Promise.withResolvers<'stop'>();
  const again = Promise.withResolvers<'again'>();
  let firstAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      log.info('drain', { phase: 'begin', signal });
      requested.resolve('stop');
    } else if (nowMs - firstAtMs > togetherMs) again.resolve('again');
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // On a terminal all of them get the signal, and the shell may end later than the others.
  if (isStartedByNpx()) onParentGone(() => firstAtMs === undefined && onSignal('SIGTERM'));
  return { requested: requested.promise, again: again.promise };
}

/**
 * An error that nobody caught is either a plugin's, and then only that one is off, or a defect of ours, after
 * which nothing can be relied upon. Watched from the first moment too: plugins run before the server listens.
 */
function watchFaults(log: Log): Faults & { happened: Promise<'fault'> } {
  const { promise: happened, resolve } = Promise.withResolvers<'fault'>();
  let isPlugins: (error: unknown) => boolean = () => false;
  const onFault = (error: unknown): void => {
    if (isPlugins(error)) return;
    log.error('defect', { err: error });
    resolve('fault');
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return { happened, askFirst: (ask) => void (isPlugins = ask) };
}
