/** A moment over the lines of a chart. */
export interface Mark {
  /** ms since the epoch. */
  at: number;
  /** What happened, by whom, when. */
  text: string;
  /** Of what nobody did there is no entry. */
  href?: string;
}
