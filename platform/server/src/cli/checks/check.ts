// What a check of `belfry doctor` finds. One line of its output each.

export interface Check {
  /** One or two words. */
  name: string;
  state: 'ok' | 'warning' | 'problem';
  detail: string;
  /** What to do; with a problem always. */
  advice?: string;
}
