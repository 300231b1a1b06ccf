// Signing a user out everywhere: the mark that makes older tokens worthless, and the message to all nodes.
// Closing connections is sessions'.
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { UserStore } from '../ports/stores/users.ts';

export type SignedOutListener = (app: AppId, userId: string, atMs: number) => void;

export interface SignOut {
  /**
   * Tokens issued up to now are refused from here on, on every node within 5 s. Returns the mark, ms since
   * the epoch.
   */
  signOut(app: AppId, userId: string): Promise<number>;
  /** Called on this node for a sign-out made here (once the mark is stored) or reported by another node. */
  onSignedOut(listen: SignedOutListener): void;
}

export function createSignOut(deps: {
  users: Pick<UserStore, 'merge'>;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'now'>;
}): SignOut {
  const { users, bus, clock } = deps;
  const listeners: SignedOutListener[] = [];

  function report(app: AppId, userId: string, atMs: number): void {
    for (const listen of listeners) listen(app, userId, atMs);
  }

  bus.control.on('signed_out', ({ app, userId, at }) => report(app, userId, at));

  return {
    async signOut(app, userId) {
      const at = clock.now();
      await users.merge(app, [{ userId, signedOutAt: at }]);
      report(app, userId, at);
      // A node that does not hear it refuses the tokens all the same: it reads the mark again within seconds.
      await bus.control.publish({ type: 'signed_out', app, userId, at }).catch(() => undefined);
      return at;
    },
    onSignedOut: (listen) => void listeners.push(listen),
  };
}
