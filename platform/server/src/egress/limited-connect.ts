// The one way from a provider to a socket: bounded in time, to an address that the guard of outgoing calls lets through. HTTP is limited-fetch.ts.
import type { ConnectTarget, PluginConnect } from '@belfry/plugin-kit';
import type { Socket } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import { withinLimit } from '../concurrency/time-limit.ts';

/** The guard is one of these, by the address that it dials. */
export type OutboundDial = (target: {
  host: string;
  port: number;
  tls?: { servername?: string | undefined; alpn?: readonly string[] | undefined; ca?: string | undefined };
  signal: AbortSignal;
}) => Promise<Socket>;

/** `limitMs` bounds how long it may take to be connected. */
export function createLimitedConnect(options: { clock: Clock; limitMs: number; dial: OutboundDial }): PluginConnect {
  const { clock, limitMs, dial } = options;
  return async (target) => {
    const { host, port, tls, signal } = judged(target);
    const socket = await withinLimit({ clock, limitMs, signal }, (ended) =>
      dial({ host, port, ...(tls === undefined ? {} : { tls }), signal: ended }),
    );
    // A socket that nobody listens to would end the process by its next error; it closes, which is said anyway.
    return socket.on('error', () => undefined);
  };
}

/** Comes from plugin code, so what TypeScript says of it may be untrue. */
function judged({ host, port, tls, signal }: ConnectTarget) {
  if (typeof host !== 'string' || host === '' || host.length > 255)
    throw new TypeError('host must be a name or an address');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new TypeError('port must be a number from 1 to 65535');
  return { host, port, tls: tls === true ? {} : tls === false ? undefined : tls, signal };
}
