// Ends connections by id, by user or by app, wherever they are. Why they must end is the caller's business.
import type { CloseName } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Presence } from '../ports/presence.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';

export interface CloseUserOptions {
  code: CloseName;
  /** Only connections whose token was issued at or before this moment (ms since the epoch); one without such a moment always. */
  issuedAtOrBeforeMs?: number | undefined;
}

export interface Closing {
  /** False when no node has the connection. */
  disconnect(app: AppId, connectionId: string, code: CloseName): Promise<boolean>;
  /** Closes the connection that `by` takes the place of, where it is the same user's; on another node as far as the bus brings it. Never rejects. */
  replace(by: Session, connectionId: string): Promise<void>;
  /** Here at once, elsewhere as the bus brings it; rejects with `unavailable` when the bus does not take it. */
  closeUser(app: AppId, userId: string, options: CloseUserOptions): Promise<void>;
  closeApp(app: AppId, code: CloseName): void;
}

export function createClosing({
  registry,
  presence,
  bus,
}: {
  registry: Registry;
  presence: Presence;
  bus: Pick<Bus, 'control'>;
}): Closing {
  bus.control.on('close_connection', ({ app, connectionId, code }) => void closeHere(app, connectionId, code));
  bus.control.on('close_user', ({ app, userId, ...options }) => closeUserHere(app, userId, options));

  function closeHere(app: AppId, connectionId: string, code: CloseName): boolean {
    const session = registry.byId(connectionId);
    if (session?.app !== app) return false;
    session.outlet.close(code);
    return true;
  }

  function closeUserHere(app: AppId, userId: string, { code, issuedAtOrBeforeMs = Infinity }: CloseUserOptions): void {
    for (const session of registry.ofUser(app, userId)) {
      if ((session.tokenIssuedAtMs ?? -Infinity) <= issuedAtOrBeforeMs) session.outlet.close(code);
    }
  }

  async function disconnect(app: AppId, connectionId: string, code: CloseName): Promise<boolean> {
    if (closeHere(app, connectionId, code)) return true;
    if ((await presence.byId(app, connectionId)) === undefined) return false;
    await bus.control.publish({ type: 'close_connection', app, connectionId, code });
    return true;
  }

  return {
    disconnect,
    async replace({ id, app, userId }, connectionId) {
      if (connectionId === id) return;
      try {
        const old = registry.byId(connectionId)?.record() ?? (await presence.byId(app, connectionId));
        if (old?.userId === userId) await disconnect(app, connectionId, 'replaced');
      } catch {
        // Presence or the bus is away: the old one is noticed to be gone when it answers no heartbeat.
      }
    },
    async closeUser(app, userId, options) {
      closeUserHere(app, userId, options);
      await bus.control.publish({ type: 'close_user', app, userId, ...options });
    },
    closeApp(app, code) {
      for (const session of [...(registry.ofApp(app) ?? [])]) session.outlet.close(code);
    },
  };
}
