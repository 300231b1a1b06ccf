// Says regularly that we are there and whether somebody attends the page, and finds out when the server is
// not. What follows from that: page-lifecycle.ts.
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

/** As heartbeats and `connect` say it. */
export interface Said {
  visible: boolean;
  attended: boolean;
  policyVersion: number | undefined;
}

export function startHeartbeat({
  connection,
  surroundings: { clock, random },
  intervalMs,
  say,
}: {
  connection: Pick<Connection, 'command' | 'heardAt' | 'lose'>;
  surroundings: Pick<Surroundings, 'clock' | 'random'>;
  /** As the server said. */
  intervalMs: number;
  say: () => Said;
}): Heartbeat {
  let rttMs: number | undefined;
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
    connection.command('heartbeat', { ...say(), rttMs }).then(
      () => {
        rttMs = Math.round(clock.monotonic() - sentAt);
      },
      () => undefined,
    );
  }

  return {
    beat,
    confirm() {
      cancelBeat();
      cancelBeat = clock.setTimer(beat, random() * confirmWithinMs);
    },
    stop() {
      cancelBeat();
      cancelCheck();
    },
  };
}
