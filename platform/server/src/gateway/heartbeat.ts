// Judges whether a client is still there. Heartbeats are the client's to send; nothing is sent from here.

// For a heartbeat that left in time and travels slowly.
const slackMs = 5000;

/** Until a client that stays silent counts as gone: two heartbeat intervals and some. At most 0: it is gone. Times are monotonic. */
export function silenceLeftMs(lastHeardMs: number, nowMs: number, heartbeatIntervalMs: number): number {
  return lastHeardMs + 2 * heartbeatIntervalMs + slackMs - nowMs;
}
