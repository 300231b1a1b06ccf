// One outgoing socket, bounded in time. Which addresses may be reached is decided by `dial`, which is
// guarded-dial.ts; HTTP is limited-fetch.ts.
import type { ConnectTarget } from '@belfry/plugin-kit';
import type { Socket } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import { withinLimit } from '../concurrency/time-limit.ts';
import type { Dial } from './guarded-dial.ts';
import type { InTurn } from './limited-fetch.ts';

export interface LimitedTarget extends ConnectTarget {
  /** Until it is connected, the wait for its turn included. */
  limitMs: number;
  /** The app of the call; left out, it is the installation's. */
  app?: string | undefined;
}

export type LimitedConnect = (target: LimitedTarget) => Promise<Socket>;

export function createLimitedConnect(deps: { clock: Clock; dial: Dial; inTurn: InTurn }): LimitedConnect {
  const { clock, dial, inTurn } = deps;
  return async (target) => {
    const { limitMs, app = '' } = target;
    const { host, port, tls, signal } = checked(target);
    const socket = await withinLimit({ clock, limitMs, signal }, (ended) =>
      inTurn({ app, user: host, signal: ended }, () =>
        dial({ host, port, ...(tls === undefined ? {} : { tls }), signal: ended }),
      ),
    );
    // An error of a socket without a listener would end the process; that it closed is reported by 'close'
    // anyway.
    return socket.on('error', () => undefined);
  };
}

/** The target comes from plugin code, so what TypeScript says of it may be untrue. */
function checked({ host, port, tls, signal }: ConnectTarget) {
  if (typeof host !== 'string' || host === '' || host.length > 255)
    throw new TypeError('host must be a name or an address');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new TypeError('port must be a number from 1 to 65535');
  return { host, port, tls: tls === true ? {} : tls === false ? undefined : tls, signal };
}
