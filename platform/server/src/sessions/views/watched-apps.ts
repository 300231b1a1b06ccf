// The apps whose connections somebody looks at, on this node, and the lists that hear of each change. What changed of
// one app: watched-app.ts.

import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import type { ConnectionRow } from './connection-row.ts';
import { WatchedApp } from './watched-app.ts';

export interface ConnectionListener {
  /** With undefined it is no more. */
  change: (id: string, row: ConnectionRow | undefined) => void;
}

interface Watched {
  app: WatchedApp;
  listeners: Set<ConnectionListener>;
}

export class WatchedApps {
  readonly #deps: { registry: Pick<Registry, 'ofApp'>; clock: Pick<Clock, 'monotonic'> };
  readonly #apps = new Map<AppId, Watched>();

  constructor(deps: { registry: Pick<Registry, 'ofApp'>; clock: Pick<Clock, 'monotonic'> }) {
    this.#deps = deps;
  }

  /** To be called when a session came, changed or went. */
  changed(session: Session): void {
    this.#apps.get(session.app)?.app.record(session);
  }

  /** `make` is given the rows of now; what it returns hears of every change from there on, until `end`. */
  watch<L extends ConnectionListener>(app: AppId, make: (rows: Iterable<ConnectionRow>) => L): L {
    const known = this.#apps.get(app);
    // Those that are there already must not be told later what the new one begins with.
    if (known !== undefined) this.passOn(app);
    const { registry, clock } = this.#deps;
    const watched = known ?? {
      app: new WatchedApp(app, { registry, nowMs: clock.monotonic() }),
      listeners: new Set<ConnectionListener>(),
    };
    this.#apps.set(app, watched);
    const listener = make(watched.app.rows());
    watched.listeners.add(listener);
    return listener;
  }

  end(app: AppId, listener: ConnectionListener): void {
    const watched = this.#apps.get(app);
    if (watched?.listeners.delete(listener) !== true || watched.listeners.size > 0) return;
    this.#apps.delete(app);
  }

  /** Hands on what has changed: of one app, or of all. */
  passOn(app?: AppId): void {
    const nowMs = this.#deps.clock.monotonic();
    for (const [key, watched] of this.#apps) {
      if (app !== undefined && key !== app) continue;
      const changed = watched.app.take(nowMs);
      for (const listener of watched.listeners) for (const [id, row] of changed) listener.change(id, row);
    }
  }
}
