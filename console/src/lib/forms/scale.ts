// Durations and sizes as people write them: a number and the largest unit in which it is whole. Knows no
// field.
import { m } from '#texts';

export interface Unit {
  id: string;
  factor: number;
  name: () => string;
}

/** From the least to the most. */
export const timeUnits: readonly Unit[] = [
  { id: 'ms', factor: 1, name: () => m.unit_ms() },
  { id: 's', factor: 1000, name: () => m.unit_s() },
  { id: 'min', factor: 60_000, name: () => m.unit_min() },
  { id: 'h', factor: 3_600_000, name: () => m.unit_h() },
  { id: 'd', factor: 86_400_000, name: () => m.unit_d() },
];

export const sizeUnits: readonly Unit[] = [
  { id: 'B', factor: 1, name: () => 'B' },
  { id: 'KiB', factor: 1024, name: () => 'KiB' },
  { id: 'MiB', factor: 1024 ** 2, name: () => 'MiB' },
  { id: 'GiB', factor: 1024 ** 3, name: () => 'GiB' },
];

/** The unit in which the value is a whole number, the largest of those. */
export function unitFor(value: number, units: readonly Unit[]): Unit {
  const fitting = units.filter(({ factor }) => value !== 0 && value % factor === 0);
  const unit = fitting.at(-1) ?? units[0];
  if (unit === undefined) throw new Error('there are no units');
  return unit;
}

export function inUnit(value: number, units: readonly Unit[]): string {
  const unit = unitFor(value, units);
  return `${value / unit.factor} ${unit.name()}`;
}
