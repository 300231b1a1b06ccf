// The connections of one app on this node as rows, kept as long as somebody looks at a list of them. Sessions
// that changed are gathered, and each is looked at once a round however often it changed.

import type { AppId } from '../../ports/app-id.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import { behindBytesOf, rowOfSession, type ConnectionRow } from './connection-row.ts';

/** Nothing says when a client falls behind or has caught up: it is looked for, at each once in this time. */
const lookEveryMs = 2000;

export class WatchedApp {
  readonly #app: AppId;
  readonly #registry: Pick<Registry, 'ofApp'>;
  readonly #rows = new Map<string, ConnectionRow>();
  /** Ids of rows that say that their client is behind. */
  readonly #behind = new Set<string>();
  #changed = new Set<Session>();
  #lookedAtMs: number;
  /** At which it is looked next. */
  #next: Iterator<Session> | undefined;

  constructor(app: AppId, { registry, nowMs }: { registry: Pick<Registry, 'ofApp'>; nowMs: number }) {
    this.#app = app;
    this.#registry = registry;
    this.#lookedAtMs = nowMs;
    for (const session of registry.ofApp(app) ?? []) this.#keep(rowOfSession(session));
  }

  rows(): Iterable<ConnectionRow> {
    return this.#rows.values();
  }

  record(session: Session): void {
    this.#changed.add(session);
  }

  /** What has changed since the last call; undefined for a connection that is no more. */
  take(): ReadonlyMap<string, ConnectionRow | undefined> {
    const changed = this.#changed;
    this.#changed = new Set();
    const rows = new Map<string, ConnectionRow | undefined>();
    for (const session of changed) {
      const row = session.closed ? undefined : rowOfSession(session);
      if (row !== undefined) this.#keep(row);
      else {
        this.#rows.delete(session.id);
        this.#behind.delete(session.id);
      }
      rows.set(session.id, row);
    }
    return rows;
  }

  /** At as many as the time since the last call is worth: at all of them at once takes long where there are many. */
  look(nowMs: number): void {
    const sessions = this.#registry.ofApp(this.#app);
    const size = sessions?.size ?? 0;
    const share = (nowMs - this.#lookedAtMs) / lookEveryMs;
    this.#lookedAtMs = nowMs;
    for (let left = Math.min(size, Math.ceil(size * share)); left > 0; left -= 1) {
      let next = this.#next?.next();
      if (next?.done !== false) {
        this.#next = sessions?.values();
        next = this.#next?.next();
      }
      if (next?.done !== false) return;
      const session = next.value;
      const bytes = behindBytesOf(session);
      // Of nearly all it is nothing, and was nothing.
      if (bytes === 0 && !this.#behind.has(session.id)) continue;
      if (bytes !== this.#rows.get(session.id)?.behindBytes) this.#changed.add(session);
    }
  }

  #keep(row: ConnectionRow): void {
    this.#rows.set(row.id, row);
    if (row.behindBytes === 0) this.#behind.delete(row.id);
    else this.#behind.add(row.id);
  }
}
