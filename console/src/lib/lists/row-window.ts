// Which rows of a long list are in the document: those in sight and ten on either side. All rows have one height.

export interface RowWindow {
  from: number;
  /** Not included. */
  to: number;
  /** Room for the rows before and after. */
  beforePx: number;
  afterPx: number;
}

const spare = 10;

export function rowWindow(view: { scrollPx: number; heightPx: number; rowPx: number; count: number }): RowWindow {
  const { scrollPx, heightPx, rowPx, count } = view;
  const first = Math.floor(Math.max(0, scrollPx) / rowPx);
  // A list that became shorter while one was at its end.
  const from = Math.max(0, Math.min(first, count - 1) - spare);
  const to = Math.min(count, first + Math.ceil(heightPx / rowPx) + spare);
  const end = Math.max(to, Math.min(count, from + 1));
  return { from, to: end, beforePx: from * rowPx, afterPx: Math.max(0, count - end) * rowPx };
}

/** The next page is fetched when four fifths of what is there have been scrolled. */
export function wantsMore(view: { scrollPx: number; heightPx: number; rowPx: number; count: number }): boolean {
  return view.scrollPx + view.heightPx >= view.count * view.rowPx * 0.8;
}
