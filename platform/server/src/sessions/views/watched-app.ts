// The connections of one app on this node as rows, kept as long as somebody looks at a list of them. Sessions
// that changed are gathered, and each is looked at once a round however often it changed.

import type { AppId } from '../../ports/app-id.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import { behindBytesOf, rowOfSession, type ConnectionRow } from './connection-row.ts';

/** Nothing says when a client falls behind or has caught up: it is looked for. */
const lookEveryMs = 2000;

export class WatchedApp {
  readonly #app: AppId;
  readonly #registry: Pick<Registry, 'ofApp'>;
  readonly #rows = new Map<string, ConnectionRow>();
  #changed = new Set<Session>();
  #lookedAtMs: number;

  constructor(app: AppId, { registry, nowMs }: { registry: Pick<Registry, 'ofApp'>; nowMs: number }) {
    this.#app = app;
    this.#registry = registry;
    this.#lookedAtMs = nowMs;
    for (const session of registry.ofApp(app) ?? []) this.#rows.set(session.id, rowOfSession(session));
  }

  rows(): Iterable<ConnectionRow> {
    return this.#rows.values();
  }

  record(session: Session): void {
    this.#changed.add(session);
  }

  /** What has changed since the last call; undefined for a connection that is no more. */
  take(nowMs: number): ReadonlyMap<string, ConnectionRow | undefined> {
    if (nowMs - this.#lookedAtMs >= lookEveryMs) this.#look(nowMs);
    const changed = this.#changed;
    this.#changed = new Set();
    const rows = new Map<string, ConnectionRow | undefined>();
    for (const session of changed) {
      const row = session.closed ? undefined : rowOfSession(session);
      if (row === undefined) this.#rows.delete(session.id);
      else this.#rows.set(session.id, row);
      rows.set(session.id, row);
    }
    return rows;
  }

  #look(nowMs: number): void {
    this.#lookedAtMs = nowMs;
    for (const session of this.#registry.ofApp(this.#app) ?? []) {
      if (behindBytesOf(session) !== this.#rows.get(session.id)?.behindBytes) this.#changed.add(session);
    }
  }
}
