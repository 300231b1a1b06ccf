// A finding of the checker: which promise was broken, and by what.

export const guarantees = [
  'G1',
  'G2',
  'G3',
  'G4',
  'G5',
  'G6',
  'G7',
  'G8',
  'G10',
  'G11',
  'G12',
  'G13',
  'G14',
  'G15',
  'G16',
] as const;

/** `odd`: no promise by number, but nothing a client may meet. */
export type Guarantee = (typeof guarantees)[number] | 'odd';

export interface Violation {
  guarantee: Guarantee;
  what: string;
}

export function violation(guarantee: Guarantee, what: string): Violation {
  return { guarantee, what };
}
