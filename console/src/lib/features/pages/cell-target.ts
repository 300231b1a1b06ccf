// The switch that is being decided about.
import type { Page } from '#lib/api/shapes.ts';

export interface CellTarget {
  /** As it is live. */
  page: Page;
  field: string;
  cell: HTMLElement;
}
