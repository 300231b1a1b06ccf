// What a row of figures has, and the order of reasons, the same for every driver. Who adds them up is the driver's.

import type { FigureCounts, FigureGauges, ReasonFigure } from '../../ports/stores/index.ts';

/** Added up. */
export const figureCounts = [
  'messages',
  'events',
  'accepted',
  'failed',
  'withheld',
] as const satisfies (keyof FigureCounts)[];

/** Of which there is a mean. */
export const figureGauges = ['desktop', 'mobile', 'tablet', 'users'] as const satisfies (keyof FigureGauges)[];

/** The most first, then by name. */
export function byCount(a: ReasonFigure, b: ReasonFigure): number {
  return b.count - a.count || (a.name < b.name ? -1 : 1);
}
