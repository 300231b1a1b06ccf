// A list of whatever kind, as far as its turns to speak go. Whose turn it is: live-views.ts.

import type { ConnectionFilter, ConnectionSort } from './connection-filter.ts';
import type { ConnectionRow } from './connection-row.ts';
import type { ViewAnswer, Window } from './view-shape.ts';

/** What is said of a list when its turn comes. */
export interface Said {
  action: 'view_delta' | 'view_reset';
  data: Record<string, unknown>;
}

/** A list of whatever kind, as far as its turns go. */
export interface Turns {
  /** Every so many rounds it has one. */
  readonly everyRounds: number;
  /** Undefined where there is nothing to say. Not called where nobody hears it. */
  next: (nowMs: number) => Said | undefined;
  end: () => void;
}

export interface ConnectionsAsked {
  filter: ConnectionFilter;
  sort: ConnectionSort;
  isDescending: boolean;
  window: Window;
}

/** `silent`: nodes whose connections may be missing; absent where none is silent. */
export type ConnectionsAnswer = ViewAnswer<ConnectionRow> & { silent?: readonly string[] };

/** A list of connections, of which one part is looked at. */
export interface ConnectionTurns extends Turns {
  /** Of what was said last. */
  readonly number: number;
  open: () => Promise<ConnectionsAnswer>;
  /** `refresh` lets the rows in that wait. */
  look: (window: Window, refresh: boolean) => Promise<ConnectionsAnswer>;
}

/** Streams speak every round, lists of connections every second one. */
export const roundMs = 250;
export const connectionRounds = 2;
