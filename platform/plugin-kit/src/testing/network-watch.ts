// Finds and stops connections that a plugin opens by itself instead of by ctx.fetch or ctx.connect. Not a
// sandbox: for tests of honest authors.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket as UdpSocket } from 'node:dgram';
import { Socket } from 'node:net';

/** The connections that the code of this async context tried to open. */
const watched = new AsyncLocalStorage<string[]>();

/**
 * How many watches run now. The prototypes are one per process, so the first installs the traps and the last
 * removes them.
 */
const traps = { users: 0, remove: (): void => undefined };

/**
 * Runs `run` and adds a line to `attempts` for each connection that it, or anything it began, tried to open.
 */
export async function watchNetwork<Result>(attempts: string[], run: () => Promise<Result>): Promise<Result> {
  if (traps.users === 0) traps.remove = install();
  traps.users += 1;
  try {
    return await watched.run(attempts, run);
  } finally {
    traps.users -= 1;
    if (traps.users === 0) traps.remove();
  }
}

/** Runs what a test does for a plugin, such as to connect to a stand-in. */
export function unwatched<Result>(run: () => Result): Result {
  return watched.exit(run);
}

function install(): () => void {
  const { fetch } = globalThis;
  // The original methods: put back later, and called with the socket that the trap was called on.
  /* eslint-disable @typescript-eslint/unbound-method */
  const { connect } = Socket.prototype;
  const { send } = UdpSocket.prototype;
  /* eslint-enable @typescript-eslint/unbound-method */

  globalThis.fetch = async function trappedFetch(...args: Parameters<typeof fetch>) {
    const refusal = trap('the global fetch');
    if (refusal !== undefined) throw refusal;
    return fetch(...args);
  };
  // node:http, https, http2, tls and every client built on them end here.
  Socket.prototype.connect = function trappedConnect(this: Socket, ...args: unknown[]): Socket {
    const refusal = trap('a socket of its own');
    if (refusal === undefined) return Reflect.apply(connect, this, args) as Socket;
    return this.destroy(refusal);
  };
  UdpSocket.prototype.send = function trappedSend(this: UdpSocket, ...args: unknown[]): void {
    const refusal = trap('a UDP socket of its own');
    if (refusal === undefined) Reflect.apply(send, this, args);
    else process.nextTick(() => this.emit('error', refusal));
  };
  return () => {
    globalThis.fetch = fetch;
    Socket.prototype.connect = connect;
    UdpSocket.prototype.send = send;
  };
}

/** Undefined for code that is not watched. */
function trap(what: string): TypeError | undefined {
  const attempts = watched.getStore();
  if (attempts === undefined) return undefined;
  attempts.push(what);
  return new TypeError(`A plugin may connect by ctx.fetch and ctx.connect only, and used ${what}`);
}
