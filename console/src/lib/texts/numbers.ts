// Numbers, sizes and short times for any language.

/** Grouped from five digits on, as people read them. */
export function number(value: number, tag: string): string {
  return new Intl.NumberFormat(tag, { useGrouping: Math.abs(value) >= 10_000, maximumFractionDigits: 1 }).format(value);
}

/** For tiles and axes: `12.4K`, `1.2万`. */
export function shortNumber(value: number, tag: string): string {
  if (Math.abs(value) < 10_000) return number(value, tag);
  return new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function percent(part: number, tag: string): string {
  return new Intl.NumberFormat(tag, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    part,
  );
}

export function bytes(value: number, tag: string): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let [size, unit] = [value, 0];
  while (size >= 1024 && unit < units.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${number(unit === 0 ? size : Math.round(size * 10) / 10, tag)} ${units[unit] ?? ''}`;
}

export function milliseconds(value: number, tag: string): string {
  if (value < 1000) return `${number(Math.round(value), tag)} ms`;
  return `${number(Math.round(value / 100) / 10, tag)} s`;
}
