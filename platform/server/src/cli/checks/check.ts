// The finding of one check of `belfry doctor`: one line of its output.

export interface Check {
  /** One or two words. */
  name: string;
  state: 'ok' | 'warning' | 'problem';
  detail: string;
  /** The remedy; always there with a problem. */
  advice?: string;
}
