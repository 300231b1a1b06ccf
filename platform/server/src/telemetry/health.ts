// Whether this process can serve, from what its parts report of themselves. The routes that answer it are
// http's.

/** `up`, `down`, or down with the reason. */
export type PartState = 'up' | 'down' | { state: 'up' | 'down'; detail: string };

export interface Readiness {
  ok: boolean;
  /** The body of `/readyz`. */
  body: { status: 'ready' | 'starting' | 'draining' | 'not_ready'; checks: Record<string, PartState> };
}

export interface Health {
  /** Asked at every `ready()`, so it must answer at once and from memory. A throw counts as down. */
  check(name: string, ask: () => PartState): void;
  /**
   * Until it was called, nothing is ready: a server that is still composing has no checks that could fail.
   */
  setStarted(): void;
  /** From here on not ready, whatever the parts say. */
  setDraining(): void;
  ready(): Readiness;
}

export function createHealth(): Health {
  const checks = new Map<string, () => PartState>();
  let phase: 'starting' | 'started' | 'draining' = 'starting';

  return {
    check: (name, ask) => void checks.set(name, ask),
    setStarted() {
      if (phase === 'starting') phase = 'started';
    },
    setDraining() {
      phase = 'draining';
    },
    ready() {
      const states = [...checks].map(([name, ask]): [string, PartState] => [name, answerOf(ask)]);
      const allUp = states.every(([, state]) => (typeof state === 'string' ? state : state.state) === 'up');
      const status = phase === 'started' ? (allUp ? 'ready' : 'not_ready') : phase;
      return { ok: status === 'ready', body: { status, checks: Object.fromEntries(states) } };
    },
  };
}

function answerOf(ask: () => PartState): PartState {
  try {
    return ask();
  } catch (error) {
    return { state: 'down', detail: error instanceof Error ? error.message : 'the check failed' };
  }
}
