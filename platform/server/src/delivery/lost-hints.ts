// Notices that hints of other nodes may have been lost, and has the log asked for what they were about (guarantees.md, G8). Filling holes is stream-sequencer.ts.

import { Rounds } from '../concurrency/rounds.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { StreamSequencer } from './stream-sequencer.ts';

/** A lost hint is made good within one interval and one probe: under the 10 s that are promised. */
const intervalMs = 5000;
const probeTimeoutMs = 2000;

export function watchLostHints(deps: {
  bus: Pick<Bus, 'onState' | 'probe'>;
  live: StreamSequencer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}): {
  stop(): void;
} {
  const { bus, live, clock, log, metrics } = deps;
  const rounds = new Rounds({ clock, everyMs: intervalMs, run: probe });
  let missed = false;

  bus.onState((state) => {
    if (state === 'down') log.error('bus', { state });
    else {
      log.info('bus', { state });
      void compare();
    }
  });
  rounds.start();

  return { stop: () => void rounds.stop() };

  async function probe(): Promise<void> {
    const ms = await bus.probe(probeTimeoutMs).catch(() => undefined);
    if (ms !== undefined) metrics.observe('bus_round_trip_seconds', [], ms / 1000);
    // Once more after the first probe that was heard again: what was lost in between is known only then.
    const isDoubtful = ms === undefined || missed;
    // Before the comparison, which sets it when it fails.
    missed = ms === undefined;
    if (isDoubtful) await compare();
    else await live.backfillStuck();
  }

  async function compare(): Promise<void> {
    try {
      await live.compareHeads();
    } catch (error) {
      log.warn('heads of streams could not be compared', { err: error });
      missed = true;
    }
  }
}
