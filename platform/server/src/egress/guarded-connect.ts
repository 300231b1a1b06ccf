// Opens the sockets of outgoing HTTP calls, to addresses that were checked and to no other. What is sent over
// them is egress.ts's business.

import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { createGuardedLookup, refusalOfAddress, type GuardDeps } from './guarded-lookup.ts';

/** `onAgreed` hears which protocol client and server agreed on, for each connection. */
export function createGuardedConnect(
  deps: GuardDeps,
  onAgreed: (origin: string, isHttp2: boolean) => void,
): buildConnector.connector {
  const connect = buildConnector({ lookup: createGuardedLookup(deps), allowH2: true });
  return (options, callback) => {
    const refusal = refusalOfAddress(options.hostname.replace(/^\[(.*)\]$/, '$1'), deps.checkAddress);
    if (refusal !== undefined) {
      callback(refusal, null);
      return;
    }
    connect(options, (...result) => {
      const [, socket] = result;
      const { origin } = new URL(`${options.protocol}//${options.host ?? options.hostname}`);
      if (socket instanceof TLSSocket) onAgreed(origin, socket.alpnProtocol === 'h2');
      callback(...result);
    });
  };
}
