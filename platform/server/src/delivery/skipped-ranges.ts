// Names to a session the seqs of a stream that are not for it: gathered in ranges, each sent just before the
// next event of the stream that is.

import type { RealtimeReason } from '@belfry/protocol';
import type { Clock } from '../ports/clock.ts';
import { encode } from '../sessions/encoded.ts';
import type { Session } from '../sessions/session.ts';
import { stateOf } from './session-state.ts';

export class SkippedRanges {
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  record(session: Session, { stream, seq }: { stream: string; seq: number }, reason: RealtimeReason): void {
    const state = stateOf(session);
    state.skipped ??= new Map();
    const known = state.skipped.get(stream);
    if (known !== undefined && seq <= known.to + 1) {
      known.to = Math.max(known.to, seq);
      return;
    }
    // A range over a hole would say of an event that was lost that it was not for this session.
    this.flush(session, stream);
    state.skipped.set(stream, { from: seq, to: seq, reason });
  }

  /** Sends what was recorded of the stream. */
  flush(session: Session, stream: string): void {
    const { skipped } = stateOf(session);
    const range = skipped?.get(stream);
    if (range === undefined) return;
    skipped?.delete(stream);
    const timestamp = new Date(this.#clock.now()).toISOString();
    session.outlet.send(encode({ action: 'skipped', stream, timestamp, data: { ...range } }));
  }
}
