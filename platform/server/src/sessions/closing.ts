// Closes connections by id, by user or by app, wherever they are. Why they must end is the caller's business.
import type { CloseName } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Presence } from '../ports/presence.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';

export interface CloseUserOptions {
  code: CloseName;
  /**
   * Only connections whose token was issued at or before this moment (ms since the epoch); one without such a
   * moment always.
   */
  issuedAtOrBeforeMs?: number | undefined;
}

interface ClosingDeps {
  registry: Pick<Registry, 'byId' | 'ofUser' | 'ofApp'>;
  presence: Pick<Presence, 'byId'>;
  bus: Pick<Bus, 'control'>;
}

export class Closing {
  readonly #deps: ClosingDeps;

  constructor(deps: ClosingDeps) {
    this.#deps = deps;
    const { control } = deps.bus;
    control.on('close_connection', ({ app, connectionId, code }) => void this.#closeHere(app, connectionId, code));
    control.on('close_user', ({ app, userId, ...options }) => this.#closeUserHere(app, userId, options));
  }

  /** False when no node has the connection. */
  async disconnect(app: AppId, connectionId: string, code: CloseName): Promise<boolean> {
    const { presence, bus } = this.#deps;
    if (this.#closeHere(app, connectionId, code)) return true;
    if ((await presence.byId(app, connectionId)) === undefined) return false;
    await bus.control.publish({ type: 'close_connection', app, connectionId, code });
    return true;
  }

  /**
   * Closes the connection that `by` takes the place of, where it is the same user's; on another node as far
   * as the bus brings it. Never rejects.
   */
  async replace({ id, app, userId }: Session, connectionId: string): Promise<void> {
    const { registry, presence } = this.#deps;
    if (connectionId === id) return;
    try {
      const old = registry.byId(connectionId)?.record() ?? (await presence.byId(app, connectionId));
      if (old?.userId === userId) await this.disconnect(app, connectionId, 'replaced');
    } catch {
      // Presence or the bus is away: the old one is noticed to be gone when it answers no heartbeat.
    }
  }

  /**
   * Here at once, elsewhere as the bus brings it; rejects with `unavailable` when the bus does not take it.
   */
  async closeUser(app: AppId, userId: string, options: CloseUserOptions): Promise<void> {
    this.#closeUserHere(app, userId, options);
    await this.#deps.bus.control.publish({ type: 'close_user', app, userId, ...options });
  }

  /** This node's connections of the app; every node learns of a changed app by itself. */
  closeApp(app: AppId, code: CloseName): void {
    for (const session of [...(this.#deps.registry.ofApp(app) ?? [])]) session.outlet.close(code);
  }

  #closeHere(app: AppId, connectionId: string, code: CloseName): boolean {
    const session = this.#deps.registry.byId(connectionId);
    if (session?.app !== app) return false;
    session.outlet.close(code);
    return true;
  }

  #closeUserHere(app: AppId, userId: string, { code, issuedAtOrBeforeMs = Infinity }: CloseUserOptions): void {
    for (const session of this.#deps.registry.ofUser(app, userId)) {
      if ((session.tokenIssuedAtMs ?? -Infinity) <= issuedAtOrBeforeMs) session.outlet.close(code);
    }
  }
}
