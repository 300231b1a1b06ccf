// What a connection did, for the people of its app: where it came and went, which policies reached it, what it had
// missed, what it was refused, how it ended. Kept by its node while it is open. Watching: views/history-view.ts.

import { isCommandAction, type ResumedStream } from '@belfry/protocol';
import type { ResolvedPage } from '../pages/policy-set.ts';
import type { Session } from './session.ts';

export const historySteps = ['connected', 'page', 'policy', 'resumed', 'refused', 'closed'] as const;
export type HistoryStep = (typeof historySteps)[number];

export interface HistoryEntry {
  /** Its place; 0 is the connect, which is always there. The same once more: the entry has changed. */
  n: number;
  at: string;
  what: HistoryStep;
  /** The path it is on from then on; of `policy`, the pattern. */
  page?: string;
  /** Of the policy that it goes by from then on. */
  version?: number;
  /** When the client said that it goes by the policy. */
  confirmedAt?: string;
  /** Events that were waiting for it. */
  missed?: number;
  /** Streams whose log does not reach back to where it was. */
  lost?: number;
  /** What it wanted, and the code of the error. */
  action?: string;
  code?: string;
  /** The same was refused so often since. */
  times?: number;
  /** The WebSocket's. */
  closeCode?: number;
  platform?: string;
  appVersion?: string;
}

/** One shape for all of them, so that each takes as little as it can. */
interface Kept {
  readonly what: HistoryStep;
  /** After the connect. */
  readonly afterMs: number;
  /** A path, a pattern, an action. */
  readonly text: string;
  /** A version, events, how often, the code of a close. */
  count: number;
  /** When it was confirmed, as `afterMs`; streams; the code of an error. */
  more: number | string;
}

type Listener = (entry: HistoryEntry) => void;

export const mostKept = 50;
/** Of all entries together. Paths come from clients, and may be long. */
const mostChars = 1500;
const mostCharsOfOne = 200;
const notConfirmed = -1;

/**
 * An entry takes 72 bytes and a text. The newest 50 with 1,500 characters are kept: 8 KB at most. A connection that has
 * only come has none of it, and one that has resumed 200 bytes: 2 MB for ten thousand.
 */
export class ConnectionHistory {
  readonly #session: Session;
  #kept: readonly Kept[] = [];
  /** Older ones, which are kept no more. */
  #dropped = 0;
  /** Where it came first; undefined while it is there. */
  #firstPath: string | undefined;
  #listeners: ReadonlySet<Listener> | undefined;

  private constructor(session: Session) {
    this.#session = session;
  }

  static of(session: Session): ConnectionHistory {
    if (session.history instanceof ConnectionHistory) return session.history;
    const history = new ConnectionHistory(session);
    session.history = history;
    return history;
  }

  /** To another page, or another policy of the same page has reached it. */
  static moved(session: Session, before: ResolvedPage, atMs: number): void {
    const { path, policy } = session.page;
    const { pattern, version } = policy;
    if (path !== before.path) {
      const history = ConnectionHistory.of(session);
      history.#firstPath ??= short(before.path);
      history.#add({ what: 'page', text: path, count: version, more: 0 }, atMs);
    } else if (pattern !== before.policy.pattern || version !== before.policy.version) {
      ConnectionHistory.of(session).#add({ what: 'policy', text: pattern, count: version, more: notConfirmed }, atMs);
    }
  }

  /** The client says by which version it goes. */
  static confirmed(session: Session, version: number, atMs: number): void {
    if (session.history !== undefined) ConnectionHistory.of(session).#confirm(version, atMs);
  }

  /** For those that watch it; it goes with its session. */
  static closed(session: Session, code: number, atMs: number): void {
    if (session.history === undefined) return;
    ConnectionHistory.of(session).#add({ what: 'closed', text: '', count: code, more: 0 }, atMs);
  }

  /** The oldest first. */
  entries(): HistoryEntry[] {
    return [this.#connected(), ...this.#kept.map((kept, at) => this.#shown(kept, at))];
  }

  /** Until the returned function is called. */
  watch(listen: Listener): () => void {
    this.#listeners = new Set([...(this.#listeners ?? []), listen]);
    return () => {
      const left = new Set([...(this.#listeners ?? [])].filter((each) => each !== listen));
      this.#listeners = left.size === 0 ? undefined : left;
    };
  }

  /** Came back, and was told where each of its streams goes on. */
  resumed(streams: readonly ResumedStream[], atMs: number): void {
    const missed = streams.reduce((sum, stream) => sum + ('gap' in stream ? 0 : stream.to - stream.from + 1), 0);
    const lost = streams.filter((stream) => 'gap' in stream).length;
    this.#add({ what: 'resumed', text: '', count: missed, more: lost }, atMs);
  }

  /** What is refused again and again is one entry. */
  refused(action: string | undefined, code: string, atMs: number): void {
    // Not by a name that the client made up.
    const text = action !== undefined && isCommandAction(action) ? action : '';
    const at = this.#kept.findLastIndex((kept) => kept.what === 'refused' && kept.text === text && kept.more === code);
    const kept = this.#kept[at];
    if (kept === undefined) {
      this.#add({ what: 'refused', text, count: 1, more: code }, atMs);
      return;
    }
    kept.count += 1;
    this.#report(at);
  }

  #confirm(version: number, atMs: number): void {
    const { pattern } = this.#session.page.policy;
    const at = this.#kept.findLastIndex(
      ({ what, text, count }) => what === 'policy' && count === version && text === short(pattern),
    );
    const kept = this.#kept[at];
    if (kept?.more !== notConfirmed) return;
    kept.more = this.#afterMs(atMs);
    this.#report(at);
  }

  #add(entry: Omit<Kept, 'afterMs'>, atMs: number): void {
    const { what, text, count, more } = entry;
    // A list as long as it must be: one that is pushed to has room for many more.
    const kept = [
      ...this.#kept,
      { what, afterMs: this.#afterMs(atMs), text: text === '' ? '' : short(text), count, more },
    ];
    let chars = kept.reduce((sum, each) => sum + each.text.length, 0);
    let from = 0;
    while (kept.length - from > mostKept || chars > mostChars) {
      chars -= kept[from]?.text.length ?? 0;
      from += 1;
    }
    this.#dropped += from;
    this.#kept = kept.slice(from);
    this.#report(this.#kept.length - 1);
  }

  #report(at: number): void {
    const kept = this.#kept[at];
    if (this.#listeners === undefined || kept === undefined) return;
    const entry = this.#shown(kept, at);
    for (const listen of this.#listeners) listen(entry);
  }

  #connected(): HistoryEntry {
    const { connectedAt, page, device } = this.#session;
    const { platform, appVersion } = device;
    return {
      ...{ n: 0, at: connectedAt, what: 'connected', page: this.#firstPath ?? short(page.path) },
      ...(platform === undefined ? {} : { platform }),
      ...(appVersion === undefined ? {} : { appVersion }),
    };
  }

  #shown({ what, afterMs, text, count, more }: Kept, at: number): HistoryEntry {
    const head = { n: this.#dropped + at + 1, at: this.#time(afterMs), what };
    switch (what) {
      case 'page':
        return { ...head, page: text, version: count };
      case 'policy': {
        const confirmed = typeof more === 'number' && more >= 0 ? { confirmedAt: this.#time(more) } : {};
        return { ...head, page: text, version: count, ...confirmed };
      }
      case 'resumed':
        return { ...head, missed: count, lost: Number(more) };
      case 'refused':
        return { ...head, ...(text === '' ? {} : { action: text }), code: String(more), times: count };
      default:
        return { ...head, closeCode: count };
    }
  }

  /** A clock may be set back: never before it came. */
  #afterMs(atMs: number): number {
    return Math.max(0, atMs - Date.parse(this.#session.connectedAt));
  }

  #time(afterMs: number): string {
    return new Date(Date.parse(this.#session.connectedAt) + afterMs).toISOString();
  }
}

/** A copy: a text that was put together, or is a part of another, keeps all that it came from. */
function short(text: string): string {
  const cut = text.length <= mostCharsOfOne ? text : `${text.slice(0, mostCharsOfOne - 1)}…`;
  return Buffer.from(cut).toString();
}
