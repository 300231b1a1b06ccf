// How many records fit a filter, counted over no more of them than a list may cost.

export interface ValueCount {
  value: string;
  count: number;
}

/** `By`: what they are counted apart by. */
export interface Counted<By extends string> {
  total: number;
  /** Not all were looked at: there may be more. */
  isAtLeast: boolean;
  /** The most frequent values, the most frequent first, at most `mostValues`. */
  by: Record<By, readonly ValueCount[]>;
}

export const mostValues = 30;
