// A network and a screen with simulated faults: no connection, a slow one, a page that nobody looks at. All
// other surroundings of the SDK are the browser's.
import type { SocketLike, Surroundings } from '@belfry/client';

export interface Conditions {
  offline: boolean;
  slow: boolean;
  hidden: boolean;
}

export interface SimulatedNetwork {
  readonly surroundings: Partial<Surroundings>;
  set(conditions: Conditions): void;
}

/** Each way; long enough to watch a message wait. */
const slowMs = 900;
/** A refused connection fails soon, but not synchronously. */
const refusedAfterMs = 150;

/** `name` keeps the stored values of the two persons apart. */
export function createSimulatedNetwork(name: string): SimulatedNetwork {
  let now: Conditions = { offline: false, slow: false, hidden: false };
  const sockets = new Set<SimulatedSocket>();
  const visibility = new Set<() => void>();
  const online = new Set<() => void>();

  const isVisible = (): boolean => !now.hidden && document.visibilityState === 'visible';

  return {
    surroundings: {
      openSocket(url, protocol) {
        const socket: SimulatedSocket = createSimulatedSocket(url, protocol, {
          isOffline: () => now.offline,
          delayMs: () => (now.slow ? slowMs : 0),
          onEnd: () => sockets.delete(socket),
        });
        sockets.add(socket);
        return socket;
      },
      async fetch(...request) {
        if (now.offline) throw new TypeError('there is no network (simulated)');
        if (now.slow) await new Promise((resolve) => void setTimeout(resolve, slowMs));
        return fetch(...request);
      },
      isVisible,
      onVisibility(listen) {
        visibility.add(listen);
        document.addEventListener('visibilitychange', listen);
        return () => {
          visibility.delete(listen);
          document.removeEventListener('visibilitychange', listen);
        };
      },
      onOnline(listen) {
        online.add(listen);
        window.addEventListener('online', listen);
        return () => {
          online.delete(listen);
          window.removeEventListener('online', listen);
        };
      },
      keyValue: {
        get: (key) => sessionStorage.getItem(`${name} ${key}`),
        set: (key, value) => sessionStorage.setItem(`${name} ${key}`, value),
        remove: (key) => sessionStorage.removeItem(`${name} ${key}`),
      },
    },
    set(conditions) {
      const before = now;
      now = { ...conditions };
      if (now.offline && !before.offline) for (const socket of [...sockets]) socket.cut();
      if (!now.offline && before.offline) for (const listen of [...online]) listen();
      if (now.hidden !== before.hidden) for (const listen of [...visibility]) listen();
    },
  };
}

interface SimulatedSocket extends SocketLike {
  /** As a pulled cable does: no close code, and nothing that was on its way arrives. */
  cut(): void;
}

interface Line {
  isOffline: () => boolean;
  delayMs: () => number;
  onEnd: () => void;
}

function createSimulatedSocket(url: string, protocol: string, line: Line): SimulatedSocket {
  const real = line.isOffline() ? undefined : new WebSocket(url, protocol);
  const inward = createPipe(line.delayMs);
  const outward = createPipe(line.delayMs);
  let ended = false;

  const end = (event: { code: number; reason: string }): void => {
    if (ended) return;
    ended = true;
    line.onEnd();
    socket.onclose?.(event);
  };
  const cut = (): void => {
    if (ended) return;
    // The server learns of it now. With a pulled cable it would only when it misses a heartbeat.
    real?.close();
    socket.onerror?.(new Event('error'));
    end({ code: 1006, reason: '' });
  };
  const socket: SimulatedSocket = {
    get readyState() {
      return ended ? WebSocket.CLOSED : (real?.readyState ?? WebSocket.CONNECTING);
    },
    get bufferedAmount() {
      return real?.bufferedAmount ?? 0;
    },
    send(text) {
      outward(() => {
        if (!ended && real?.readyState === WebSocket.OPEN) real.send(text);
      });
    },
    close(code, reason) {
      if (real === undefined) cut();
      else outward(() => real.close(code, reason));
    },
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    cut,
  };

  if (real === undefined) {
    setTimeout(cut, refusedAfterMs);
    return socket;
  }
  real.onopen = (event) => inward(() => (ended ? undefined : socket.onopen?.(event)));
  real.onmessage = ({ data }) => inward(() => (ended ? undefined : socket.onmessage?.({ data })));
  real.onerror = (event) => inward(() => (ended ? undefined : socket.onerror?.(event)));
  real.onclose = ({ code, reason }) => inward(() => end({ code, reason }));
  return socket;
}

/** Keeps the order also when the delay ends while something is on its way. */
function createPipe(delayMs: () => number): (run: () => void) => void {
  const waiting: { run: () => void; dueAt: number }[] = [];
  let isFlowing = false;

  const flow = (): void => {
    const [first] = waiting;
    isFlowing = first !== undefined;
    if (first === undefined) return;
    setTimeout(
      () => {
        waiting.shift();
        first.run();
        flow();
      },
      Math.max(0, first.dueAt - performance.now()),
    );
  };

  return (run) => {
    const delay = delayMs();
    // With no delay and an empty pipe, a timer would only make latencies look worse.
    if (delay === 0 && waiting.length === 0) {
      run();
      return;
    }
    waiting.push({ run, dueAt: performance.now() + delay });
    if (!isFlowing) flow();
  };
}
