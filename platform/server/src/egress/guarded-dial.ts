// Opens one outgoing socket for a protocol that is not HTTP/1.1, to an address that was checked and to no
// other. What is said over it is its caller's business.

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createGuardedLookup, refusalOfAddress, type GuardDeps } from './guarded-lookup.ts';

export interface DialTarget {
  /** A name or an address; IPv6 without brackets. */
  host: string;
  port: number;
  /** TLS from the first byte, with a certificate that is valid for the host, or for `servername`. */
  tls?: { servername?: string | undefined; alpn?: readonly string[] | undefined; ca?: string | undefined } | undefined;
  /** Ends the attempt. */
  signal: AbortSignal;
}

/**
 * Resolves when it is connected, and with TLS when that is agreed on. Rejects with RefusedAddressError where
 * the address may not be reached, else as Node.
 */
export type Dial = (target: DialTarget) => Promise<Socket>;

export function createGuardedDial(deps: GuardDeps): Dial {
  const lookup = createGuardedLookup(deps);

  return ({ host, port, tls, signal }) => {
    const refusal = refusalOfAddress(host, deps.checkAddress);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (tls === undefined) return connected(connectTcp({ host, port, lookup }), 'connect', signal);
    const { servername = isIP(host) === 0 ? host : undefined, alpn, ca } = tls;
    const socket = connectTls({
      ...{ host, port, lookup },
      ...(servername === undefined ? {} : { servername }),
      ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
      ...(ca === undefined ? {} : { ca }),
    });
    return connected(socket, 'secureConnect', signal);
  };
}

function connected(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => void socket.destroy(signal.reason as Error);
    const finish = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('close', onClose);
    };
    const onError = (error: Error): void => {
      finish();
      // A later error of it concerns nobody any longer.
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    // Hung up on without an error, as some do instead of a handshake.
    const onClose = (): void =>
      onError(Object.assign(new Error('closed before it was connected'), { code: 'ECONNRESET' }));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError).once('close', onClose);
    socket.once(event, () => {
      finish();
      resolve(socket);
    });
  });
}
