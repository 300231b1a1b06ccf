// Sends the clients of a stopping node elsewhere: asked in waves, then closed. Keeping new ones out is
// admission.ts's business.
import { pause } from '../concurrency/pause.ts';
import type { Clock } from '../ports/clock.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { encode } from '../sessions/encoded.ts';
import type { Connection } from './connection.ts';

/** Connections that are sent away at once; the other nodes take that many connects between two waves. */
const waveSize = 200;
const waveEveryMs = 100;
/** The clients of a wave are spread over it: each is sent another time after which it comes back elsewhere. */
const spreadMs = 1000;
/**
 * Where there is no other node they come back to this one, all at the moment it is there again: they try within
 * this time, and the more they are the longer it is.
 */
const retryWithinMs = { least: 1000, perConnection: 0.5, most: 30_000 };
/** After the last wave: the spread, and time to connect elsewhere before this connection closes. */
const graceMs = 2000;
/** Waves take at most this part of all the time there is, whatever the number of connections. */
const wavesPart = 0.4;

interface DrainDeps {
  /** The connections still open. */
  connections: ReadonlySet<Connection>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
  /** All the time there is. A little of it is left for the parts that are stopped afterwards. */
  drainMs: number;
  random?: () => number;
}

/** Resolves when all connections are closed, or were cut because they did not close in time. */
export async function drain({ connections, surroundings, drainMs, random = Math.random }: DrainDeps): Promise<void> {
  const { clock, log } = surroundings;
  const total = connections.size;
  if (total === 0) return;
  log.info('drain', { phase: 'goaway', connections: total });
  const waves = Math.max(1, Math.min(Math.ceil(total / waveSize), Math.floor((drainMs * wavesPart) / waveEveryMs)));
  const all = [...connections];
  const perWave = Math.ceil(total / waves);
  const withinMs = Math.max(retryWithinMs.least, Math.min(retryWithinMs.most, total * retryWithinMs.perConnection));
  for (let at = 0; at < total; at += perWave) {
    if (at > 0) await pause(clock, waveEveryMs);
    const wave = all.slice(at, at + perWave);
    for (const [place, connection] of wave.entries()) {
      const reconnectAfterMs = Math.floor(((place + random()) / wave.length) * spreadMs);
      const data = { reconnectAfterMs, retryWithinMs: Math.round(withinMs) };
      connection.send(encode({ action: 'goaway', timestamp: new Date(clock.now()).toISOString(), data }));
    }
  }
  await untilEmpty(connections, clock, Math.min(graceMs, drainMs * 0.2));
  if (connections.size > 0) log.info('drain', { phase: 'close', connections: connections.size });
  for (const connection of connections) void connection.finish('draining');
  await untilEmpty(connections, clock, drainMs * 0.3);
  await Promise.all([...connections].map((connection) => connection.terminate()));
}

const lookEveryMs = 50;

async function untilEmpty(connections: ReadonlySet<Connection>, clock: Clock, longestMs: number): Promise<void> {
  const deadlineMs = clock.monotonic() + longestMs;
  while (connections.size > 0 && clock.monotonic() < deadlineMs) await pause(clock, lookEveryMs);
}
