// The apps whose connections somebody looks at, on this node, and the lists that hear of each change, each when its turn
// comes: what the process has to do besides is between them. What changed of one app: watched-app.ts.

import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import type { ConnectionRow } from './connection-row.ts';
import { WatchedApp } from './watched-app.ts';
import { WhileWanted } from './while-wanted.ts';

export interface ConnectionListener {
  /** With undefined it is no more. */
  change: (id: string, row: ConnectionRow | undefined) => void;
}

interface Watched {
  app: WatchedApp;
  /** What each has not been told yet. */
  untold: Map<ConnectionListener, Map<string, ConnectionRow | undefined>>;
}

/** Of the clients that may be behind a few are looked at each time. */
const lookEveryMs = 100;

export class WatchedApps {
  readonly #deps: { registry: Pick<Registry, 'ofApp'>; clock: Pick<Clock, 'after' | 'monotonic'> };
  readonly #apps = new Map<AppId, Watched>();
  readonly #looks: WhileWanted;

  constructor(deps: { registry: Pick<Registry, 'ofApp'>; clock: Pick<Clock, 'after' | 'monotonic'> }) {
    this.#deps = deps;
    this.#looks = new WhileWanted({ clock: deps.clock, everyMs: lookEveryMs, run: () => this.#look() });
  }

  /** To be called when a session came, changed or went. */
  changed(session: Session): void {
    this.#apps.get(session.app)?.app.record(session);
  }

  /** `make` is given the rows of now; what it returns is told of every change from there on, until `end`. */
  watch<L extends ConnectionListener>(app: AppId, make: (rows: Iterable<ConnectionRow>) => L): L {
    const known = this.#apps.get(app);
    // The new one begins with what the others are yet to be told.
    if (known !== undefined) gather(known);
    const { registry, clock } = this.#deps;
    const watched = known ?? {
      app: new WatchedApp(app, { registry, nowMs: clock.monotonic() }),
      untold: new Map<ConnectionListener, Map<string, ConnectionRow | undefined>>(),
    };
    this.#apps.set(app, watched);
    this.#looks.start();
    const listener = make(watched.app.rows());
    watched.untold.set(listener, new Map());
    return listener;
  }

  end(app: AppId, listener: ConnectionListener): void {
    const watched = this.#apps.get(app);
    if (watched?.untold.delete(listener) !== true || watched.untold.size > 0) return;
    this.#apps.delete(app);
    if (this.#apps.size === 0) void this.#looks.stop();
  }

  /** Tells one of them all that it has not been told. */
  tell(app: AppId, listener: ConnectionListener): void {
    const watched = this.#apps.get(app);
    const changed = watched?.untold.get(listener);
    if (watched === undefined || changed === undefined) return;
    gather(watched);
    for (const [id, row] of changed) listener.change(id, row);
    changed.clear();
  }

  #look(): void {
    const nowMs = this.#deps.clock.monotonic();
    for (const { app } of this.#apps.values()) app.look(nowMs);
  }
}

function gather({ app, untold }: Watched): void {
  const taken = app.take();
  for (const changed of untold.values()) for (const [id, row] of taken) changed.set(id, row);
}
