// Says regularly that we are there and whether somebody attends the page, and finds out when the server is
// not. What follows from that: page-lifecycle.ts.
import type { Attention } from './attention.ts';
import type { Connection } from './connection.ts';
import type { Clock } from './types.ts';

export interface Heartbeat {
  /**
   * Now, and the interval begins anew: the page was shown, hidden or touched, or the network may have
   * changed.
   */
  beat(): void;
  stop(): void;
}

/**
 * An answer takes one round trip; after this, ms, the connection is dead, whatever the operating system still
 * believes.
 */
const answerWithinMs = 5000;

export function startHeartbeat({
  connection,
  clock,
  intervalMs,
  attention,
}: {
  connection: Pick<Connection, 'command' | 'heardAt' | 'lose'>;
  clock: Clock;
  /** As the server said. */
  intervalMs: number;
  attention: Pick<Attention, 'now'>;
}): Heartbeat {
  let cancelBeat = clock.setTimer(beat, intervalMs);
  let cancelCheck = (): void => undefined;

  function beat(): void {
    cancelBeat();
    cancelCheck();
    cancelBeat = clock.setTimer(beat, intervalMs);
    const sentAt = clock.monotonic();
    cancelCheck = clock.setTimer(() => {
      // Anything that came since is a sign of life as good as the answer.
      if (connection.heardAt() < sentAt) connection.lose('no heartbeat');
    }, answerWithinMs);
    // A refusal is an answer, and a lost connection is reported as closed.
    connection.command('heartbeat', attention.now()).catch(() => undefined);
  }

  return {
    beat,
    stop() {
      cancelBeat();
      cancelCheck();
    },
  };
}
