// A list of connections where there is one node, which has them all. Of several nodes: shared-view.ts.

import type { AppId } from '../../ports/app-id.ts';
import { connectionOrder, connectionShape, connectionTests } from './connection-filter.ts';
import type { ConnectionRow } from './connection-row.ts';
import { Speaking } from './speaking.ts';
import { connectionRounds, type ConnectionsAsked, type ConnectionTurns, type Said } from './turns.ts';
import type { ViewAnswer, Window } from './view-shape.ts';
import { View } from './view.ts';
import type { WatchedApps } from './watched-apps.ts';

export class OwnView implements ConnectionTurns {
  readonly everyRounds = connectionRounds;
  readonly #app: AppId;
  readonly #watched: WatchedApps;
  readonly #view: View<ConnectionRow>;
  readonly #speaking: Speaking;

  constructor(app: AppId, asked: ConnectionsAsked, { watched, nowMs }: { watched: WatchedApps; nowMs: number }) {
    this.#app = app;
    this.#watched = watched;
    this.#view = watched.watch(
      app,
      (rows) =>
        new View({
          tests: connectionTests(asked.filter, nowMs),
          compare: connectionOrder(asked.sort, asked.isDescending),
          ...{ shape: connectionShape, rows, window: asked.window },
        }),
    );
    this.#speaking = new Speaking(this.#view);
  }

  get number(): number {
    return this.#view.number;
  }

  open(): Promise<ViewAnswer<ConnectionRow>> {
    return Promise.resolve(this.#view.answer());
  }

  look(window: Window, refresh: boolean): Promise<ViewAnswer<ConnectionRow>> {
    this.#watched.tell(this.#app, this.#view);
    this.#speaking.asked();
    return Promise.resolve(this.#view.look(window, { refresh }));
  }

  next(nowMs: number): Said | undefined {
    this.#watched.tell(this.#app, this.#view);
    return this.#speaking.next(nowMs);
  }

  end(): void {
    this.#watched.end(this.#app, this.#view);
  }
}
