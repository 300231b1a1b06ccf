// Notices that hints of other nodes may have been lost, and has the log asked for what they were about
// (docs/guarantees.md, G8). Filling holes is stream-sequencer.ts.

import { Rounds } from '../concurrency/rounds.ts';
import type { Bus, BusState } from '../ports/bus.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { StreamSequencer } from './stream-sequencer.ts';

/** A lost hint is made good within one interval and one probe: under the 10 s that are promised. */
const intervalMs = 5000;
const probeTimeoutMs = 2000;

export class LostHints {
  readonly #bus: Pick<Bus, 'onState' | 'probe'>;
  readonly #sequencer: Pick<StreamSequencer, 'compareHeads' | 'backfillStuck'>;
  readonly #surroundings: Surroundings;
  readonly #rounds: Rounds;
  #state: BusState = 'up';
  /** The last probe was not heard, or the last comparison failed. */
  #missed = false;

  constructor(deps: {
    bus: Pick<Bus, 'onState' | 'probe'>;
    sequencer: Pick<StreamSequencer, 'compareHeads' | 'backfillStuck'>;
    surroundings: Surroundings;
  }) {
    this.#bus = deps.bus;
    this.#sequencer = deps.sequencer;
    this.#surroundings = deps.surroundings;
    this.#rounds = new Rounds({ clock: deps.surroundings.clock, everyMs: intervalMs, run: () => this.#probe() });
  }

  start(): void {
    const { log } = this.#surroundings;
    this.#bus.onState((state) => {
      // Of another node's messages that are lost, it is said again that the bus is up.
      const isNews = state !== this.#state;
      this.#state = state;
      if (state === 'down') log.error('bus', { state });
      else {
        if (isNews) log.info('bus', { state });
        void this.#compare();
      }
    });
    this.#rounds.start();
  }

  /** Hints may not have been sent to this node. */
  suspect(): void {
    void this.#compare();
  }

  stop(): void {
    void this.#rounds.stop();
  }

  async #probe(): Promise<void> {
    const ms = await this.#bus.probe(probeTimeoutMs).catch(() => undefined);
    if (ms !== undefined) this.#surroundings.metrics.observe('bus_round_trip_seconds', [], ms / 1000);
    // Once more after the first probe that was heard again: what was lost in between is known only then.
    const isDoubtful = ms === undefined || this.#missed;
    // Before the comparison, which sets it when it fails.
    this.#missed = ms === undefined;
    if (isDoubtful) await this.#compare();
    else await this.#sequencer.backfillStuck();
  }

  async #compare(): Promise<void> {
    try {
      await this.#sequencer.compareHeads();
    } catch (error) {
      this.#surroundings.log.warn('heads of streams could not be compared', { err: error });
      this.#missed = true;
    }
  }
}
