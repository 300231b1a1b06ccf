// What a row of figures has, the same for every driver. How it is added up is the driver's.

import type { FigureCounts, FigureGauges } from '../../ports/stores/index.ts';

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
