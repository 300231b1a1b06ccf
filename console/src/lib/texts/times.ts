// Times, durations and numbers in words, for any language and time zone. Which of them a person chose is not
// known here.

export interface TimeStyle {
  /** As `Intl` takes it. */
  tag: string;
  /** Empty for the browser's own. */
  zone: string;
}

const units: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** Whole units only: 90 minutes ago is one hour ago, as people say. */
export function relativeTime(at: number, now: number, tag: string): string {
  const distance = at - now;
  const format = new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'short' });
  const [unit, ms] = units.find(([, each]) => Math.abs(distance) >= each) ?? ['second', 1000];
  return format.format(Math.trunc(distance / ms), unit);
}

/** To the second, with the distance of the zone: `2026-11-28 18:42:07 UTC+8`. */
export function exactTime(at: number, { tag, zone }: TimeStyle): string {
  const timeZone = zone === '' ? undefined : zone;
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
      ...{ hourCycle: 'h23', timeZoneName: 'shortOffset', timeZone },
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const clock = `${part('hour')}:${part('minute')}:${part('second')}`;
  const offset = part('timeZoneName').replace('GMT', 'UTC').replace(/\+0$/, '');
  if (!tag.startsWith('zh')) return `${part('year')}-${part('month')}-${part('day')} ${clock} ${offset}`;
  return `${part('year')}年${Number(part('month'))}月${Number(part('day'))}日 ${clock} ${offset}`;
}

export function clockTime(at: number, { zone }: TimeStyle): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    timeZone: zone === '' ? undefined : zone,
  }).format(at);
}

/** For axes: `18:42`. */
export function hourTime(at: number, { zone }: TimeStyle, hasSeconds = false): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone === '' ? undefined : zone },
    ...(hasSeconds ? { second: '2-digit' } : {}),
  }).format(at);
}

/** For axes of so long a time: hours, or days where it is longer than a day and a half. */
export function axisTime(at: number, style: TimeStyle, lengthMs: number): string {
  if (lengthMs < dayAndHalfMs) return hourTime(at, style, lengthMs < 300_000);
  const { tag, zone } = style;
  return new Intl.DateTimeFormat(tag, {
    ...{ weekday: 'short', day: 'numeric', timeZone: zone === '' ? undefined : zone },
  }).format(at);
}

/** Within so long a time: the clock to the second up to an hour, to the minute above, with the day above a day and a half. */
export function momentTime(at: number, style: TimeStyle, lengthMs: number): string {
  if (lengthMs <= 3_600_000) return clockTime(at, style);
  const clock = hourTime(at, style);
  return lengthMs < dayAndHalfMs ? clock : `${axisTime(at, style, lengthMs)}, ${clock}`;
}

const dayAndHalfMs = 36 * 3_600_000;

/** What the clock of the zone is ahead of UTC at this moment, ms. */
export function zoneOffsetMs(at: number, { zone }: TimeStyle): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' },
    timeZone: zone === '' ? undefined : zone,
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return shown - (at - (at % 60_000));
}

/** Rounded up: who is told "in 42 s" and tries then, is let in. */
export function duration(ms: number, tag: string): string {
  const seconds = Math.ceil(ms / 1000);
  const unit = (value: number, name: 'second' | 'minute' | 'hour'): string =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  if (seconds < 120) return unit(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return unit(minutes, 'minute');
  return unit(Math.round(minutes / 60), 'hour');
}

/** As it was written, in the largest unit in which it is whole: `1 day`, `90 seconds`. */
export function wholeTime(ms: number, tag: string): string {
  const whole = units.slice(2).find(([, each]) => ms >= each && ms % each === 0);
  const [unit, each] = whole ?? ['second', 1000];
  return new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'long' }).format(ms / each);
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** For streams: `18:42:07.311`. */
export function clockMs(at: number, style: TimeStyle): string {
  return `${clockTime(at, style)}.${String(Math.floor(at) % 1000).padStart(3, '0')}`;
}
