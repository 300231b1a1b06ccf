// Whether HOST and PORT, and INTERNAL_PORT where it is set, can be listened on, or are by a running server already.
import { createServer } from 'node:net';
import { describeTakenPort } from '../../compose/holders.ts';
import { reachableHost } from '../../config/addresses.ts';
import type { Config } from '../../config/config.ts';
import type { Check } from './check.ts';

const name = 'port';
/** A machine that is busy starting things is slow to answer. */
const probeMs = 10_000;

export async function checkPorts({
  host,
  port,
  internalPort,
}: Pick<Config, 'host' | 'port' | 'internalPort'>): Promise<Check[]> {
  const internal = internalPort === undefined ? [] : [checkPort({ host, port: internalPort }, 'INTERNAL_PORT')];
  return Promise.all([checkPort({ host, port }, 'PORT'), ...internal]);
}

async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>, variable: string): Promise<Check> {
  const code = await tryListening(host, port);
  const where = `${host}:${port}`;
  if (code === undefined) return { name, state: 'ok', detail: `${where} is free` };
  if (code === 'EADDRINUSE' && (await answersHealth(host, port))) {
    return { name, state: 'ok', detail: `${where} is served by a running server` };
  }
  const advice = await adviceFor(code, { port, variable });
  return { name, state: 'problem', detail: `${where} can't be listened on (${code})`, advice };
}

/** The error's code, or undefined when it worked. */
function tryListening(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function answersHealth(host: string, port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://${reachableHost(host)}:${port}/healthz`, {
      signal: AbortSignal.timeout(probeMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function adviceFor(code: string, { port, variable }: { port: number; variable: string }): Promise<string> {
  if (code === 'EADDRINUSE') return await describeTakenPort(port, variable);
  if (code === 'EACCES') return `ports below 1024 need a right of their own: set ${variable} to a higher one`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'HOST is no address of this machine';
  return `set ${variable} and HOST`;
}
