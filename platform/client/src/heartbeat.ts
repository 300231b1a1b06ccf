// Says regularly that we are there and whether somebody attends the page, and finds out when the server is
// not. What follows from that: page-lifecycle.ts.
import type { Attention } from './attention.ts';
import type { Connection } from './connection.ts';
import type { Surroundings } from './types.ts';

export interface Heartbeat {
  /**
   * Now, and the interval begins anew: the page was shown, hidden or touched, or the network may have
   * changed.
   */
  beat(): void;
  /** Soon: all pages of a policy that was changed would say at the same moment that they have it. */
  confirm(): void;
  stop(): void;
}

/**
 * An answer takes one round trip; after this, ms, the connection is dead, whatever the operating system still
 * believes.
 */
const answerWithinMs = 5000;
const confirmWithinMs = 500;

export function startHeartbeat({
  connection,
  surroundings: { clock, random },
  intervalMs,
  attention,
}: {
  connection: Pick<Connection, 'command' | 'heardAt' | 'lose'>;
  surroundings: Pick<Surroundings, 'clock' | 'random'>;
  /** As the server said. */
  intervalMs: number;
  attention: Pick<Attention, 'now'>;
}): Heartbeat {
  let rttMs: number | undefined;
  let cancelBeat = clock.setTimer(beat, intervalMs);
  let cancelCheck = (): void => undefined;

  function beatIn(delayMs: number): void {
    cancelBeat();
    cancelBeat = clock.setTimer(beat, delayMs);
  }

  function beat(): void {
    beatIn(intervalMs);
    cancelCheck();
    const sentAt = clock.monotonic();
    cancelCheck = clock.setTimer(() => {
      // Anything that came since is a sign of life as good as the answer.
      if (connection.heardAt() < sentAt) connection.lose('no heartbeat');
    }, answerWithinMs);
    // A refusal is an answer, and a lost connection is reported as closed.
    connection
      .command('heartbeat', { ...attention.now(), rttMs })
      .then(() => (rttMs = Math.round(clock.monotonic() - sentAt)))
      .catch(() => undefined);
  }

  return {
    beat,
    confirm: () => beatIn(random() * confirmWithinMs),
    stop() {
      cancelBeat();
      cancelCheck();
    },
  };
}
