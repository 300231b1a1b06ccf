// Records what one connection is sent from the log, a fact a run of seqs without a gap. What is sent, and
// when, is decided by catch-up.ts.

import type { Clock } from '../ports/clock.ts';
import type { Facts } from '../ports/facts.ts';
import type { Session } from '../sessions/session.ts';

interface CaughtUpDeps {
  clock: Pick<Clock, 'now'>;
  facts: Pick<Facts, 'record'>;
}

/** Of one page of one stream; `end` after its last message. */
export class CaughtUpRuns {
  readonly #deps: CaughtUpDeps;
  readonly #session: Session;
  readonly #stream: string;
  #run: { from: number; to: number } | undefined;

  constructor(deps: CaughtUpDeps, session: Session, stream: string) {
    this.#deps = deps;
    this.#session = session;
    this.#stream = stream;
  }

  sent(seq: number): void {
    if (this.#run?.to === seq - 1) {
      this.#run.to = seq;
      return;
    }
    this.end();
    this.#run = { from: seq, to: seq };
  }

  end(): void {
    if (this.#run === undefined) return;
    const { app, userId, id: connectionId, device, page } = this.#session;
    const where = { userId, connectionId, deviceType: device.type, page: page.path };
    const atMs = this.#deps.clock.now();
    this.#deps.facts.record(app, { type: 'message.caught_up', atMs, stream: this.#stream, ...this.#run, ...where });
    this.#run = undefined;
  }
}
