// A list of whatever kind, as far as its turns to speak go. Whose turn it is: live-views.ts.

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
