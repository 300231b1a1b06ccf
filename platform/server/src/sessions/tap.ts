// Sees what passes over a connection, for as long as somebody watches it. A connection that nobody watches has
// none. Who watches: views/.

import type { Frame, ServerEvent } from '@belfry/protocol';
import type { Session, SessionTap } from './session.ts';

export interface Watcher {
  came?: (session: Session, frame: Frame, bytes: number) => void;
  /** `code` of the error; undefined where all went well. */
  answered?: (session: Session, frame: Partial<Frame>, answer: { code?: string; bytes: number }) => void;
  sent?: (session: Session, event: ServerEvent, bytes: number) => void;
}

export class Tap implements SessionTap {
  readonly #session: Session;
  readonly #watchers = new Set<Watcher>();

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Until the returned function is called. */
  static open(session: Session, watcher: Watcher): () => void {
    const tap = session.tap instanceof Tap ? session.tap : new Tap(session);
    session.tap = tap;
    tap.#watchers.add(watcher);
    return () => {
      tap.#watchers.delete(watcher);
      if (tap.#watchers.size === 0) session.tap = undefined;
    };
  }

  came(frame: Frame, bytes: number): void {
    for (const watcher of this.#watchers) watcher.came?.(this.#session, frame, bytes);
  }

  answered(frame: Partial<Frame>, answer: { code?: string; bytes: number }): void {
    for (const watcher of this.#watchers) watcher.answered?.(this.#session, frame, answer);
  }

  sent(event: ServerEvent, bytes: number): void {
    for (const watcher of this.#watchers) watcher.sent?.(this.#session, event, bytes);
  }
}
