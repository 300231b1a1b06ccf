// The surroundings that browsers and Node have in common: sockets, HTTP, timers, chance.
import type { SocketLike, Surroundings } from '../types.ts';

export function commonSurroundings(): Pick<Surroundings, 'openSocket' | 'fetch' | 'clock' | 'random' | 'report'> {
  return {
    openSocket: (url, protocol) => new WebSocket(url, protocol) as SocketLike,
    // Called as a method of anything but the global object, a browser's fetch throws.
    fetch: (...request) => fetch(...request),
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      setTimer(run, delayMs) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: () => Math.random(),
    // eslint-disable-next-line no-console -- the error is a handler's of the application, and the console is where its author looks.
    report: (error) => console.error('belfry:', error),
  };
}
