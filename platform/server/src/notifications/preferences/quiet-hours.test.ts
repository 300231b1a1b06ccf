// Quiet hours over midnight and over the days on which clocks change, in zones that do it differently,
// against a model that counts minutes.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createQuietUntil } from './quiet-hours.ts';
import { createZonedTime } from './zoned-time.ts';

const at = (text: string): number => Date.parse(text);
const night = { from: '22:00', to: '07:00' };
const noon = { from: '12:00', to: '13:30' };

describe.each([
  // Over midnight, on ordinary days.
  ['Asia/Shanghai', night, '2026-03-01T13:59:59.999Z', undefined],
  ['Asia/Shanghai', night, '2026-03-01T14:00:00.000Z', '2026-03-01T23:00:00.000Z'],
  ['Asia/Shanghai', night, '2026-03-01T22:59:59.999Z', '2026-03-01T23:00:00.000Z'],
  ['Asia/Shanghai', night, '2026-03-01T23:00:00.000Z', undefined],
  // Within a day.
  ['Asia/Shanghai', noon, '2026-03-01T03:59:59.999Z', undefined],
  ['Asia/Shanghai', noon, '2026-03-01T04:00:00.000Z', '2026-03-01T05:30:00.000Z'],
  ['Asia/Shanghai', noon, '2026-03-01T05:30:00.000Z', undefined],

  // Berlin puts its clocks forward at 02:00 on 29 March 2026: that night is an hour shorter, before +01:00,
  // after +02:00.
  ['Europe/Berlin', night, '2026-03-28T21:00:00.000Z', '2026-03-29T05:00:00.000Z'],
  ['Europe/Berlin', night, '2026-03-29T05:00:00.000Z', undefined],
  ['Europe/Berlin', night, '2026-03-29T20:00:00.000Z', '2026-03-30T05:00:00.000Z'],
  // A beginning and an end that are skipped are where the clocks jump, 01:00Z.
  ['Europe/Berlin', { from: '02:30', to: '06:00' }, '2026-03-29T00:59:59.999Z', undefined],
  ['Europe/Berlin', { from: '02:30', to: '06:00' }, '2026-03-29T01:00:00.000Z', '2026-03-29T04:00:00.000Z'],
  ['Europe/Berlin', { from: '22:00', to: '02:30' }, '2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00.000Z'],
  ['Europe/Berlin', { from: '22:00', to: '02:30' }, '2026-03-29T01:00:00.000Z', undefined],
  // Quiet hours that are skipped whole are none.
  ['Europe/Berlin', { from: '02:10', to: '02:50' }, '2026-03-29T01:00:00.000Z', undefined],
  ['Europe/Berlin', { from: '02:10', to: '02:50' }, '2026-03-30T00:20:00.000Z', '2026-03-30T00:50:00.000Z'],
  // And back at 03:00 on 25 October: an hour longer.
  ['Europe/Berlin', night, '2026-10-24T20:00:00.000Z', '2026-10-25T06:00:00.000Z'],
  ['Europe/Berlin', night, '2026-10-25T05:59:59.999Z', '2026-10-25T06:00:00.000Z'],
  // 02:30 comes twice: quiet from the first, until the last, without a noisy hour between.
  ['Europe/Berlin', { from: '02:30', to: '06:00' }, '2026-10-25T00:29:59.999Z', undefined],
  ['Europe/Berlin', { from: '02:30', to: '06:00' }, '2026-10-25T00:30:00.000Z', '2026-10-25T05:00:00.000Z'],
  ['Europe/Berlin', { from: '02:30', to: '06:00' }, '2026-10-25T01:10:00.000Z', '2026-10-25T05:00:00.000Z'],
  ['Europe/Berlin', { from: '22:00', to: '02:30' }, '2026-10-25T00:40:00.000Z', '2026-10-25T01:30:00.000Z'],
  ['Europe/Berlin', { from: '22:00', to: '02:30' }, '2026-10-25T01:30:00.000Z', undefined],

  // New York: 8 March and 1 November 2026, at 02:00.
  ['America/New_York', night, '2026-03-08T03:00:00.000Z', '2026-03-08T11:00:00.000Z'],
  ['America/New_York', night, '2026-03-09T02:00:00.000Z', '2026-03-09T11:00:00.000Z'],
  ['America/New_York', night, '2026-11-01T02:00:00.000Z', '2026-11-01T12:00:00.000Z'],
  ['America/New_York', night, '2026-11-01T12:00:00.000Z', undefined],

  // Lord Howe moves by half an hour: on 5 April 2026 at 02:00 from +11:00 back to +10:30, on 4 October
  // forward.
  ['Australia/Lord_Howe', night, '2026-04-04T11:00:00.000Z', '2026-04-04T20:30:00.000Z'],
  ['Australia/Lord_Howe', { from: '22:00', to: '01:45' }, '2026-04-04T14:50:00.000Z', '2026-04-04T15:15:00.000Z'],
  ['Australia/Lord_Howe', night, '2026-10-03T11:30:00.000Z', '2026-10-03T20:00:00.000Z'],
  ['Australia/Lord_Howe', { from: '22:00', to: '02:10' }, '2026-10-03T15:29:59.999Z', '2026-10-03T15:30:00.000Z'],

  // From 02:55 to 02:50, on the day on which both come twice: the next night begins before the last has
  // ended.
  ['Europe/Berlin', { from: '02:55', to: '02:50' }, '2026-10-25T00:54:00.000Z', '2026-10-26T01:50:00.000Z'],

  // Beirut's clocks jump at midnight itself, so a date begins at 01:00.
  ['Asia/Beirut', { from: '23:00', to: '00:30' }, '2026-03-28T21:30:00.000Z', '2026-03-28T22:00:00.000Z'],
])('in %s, %o, at %s', (timeZone, hours, instant, end) => {
  it(end === undefined ? 'it is not quiet' : `it is quiet until ${end}`, () => {
    const until = createQuietUntil()({ ...hours, timeZone }, at(instant));
    expect(until === undefined ? undefined : new Date(until).toISOString()).toBe(end);
  });
});

const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe', 'UTC'] as const;
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const hoursArbitrary = fc
  .record({ from: time, to: time, timeZone: fc.constantFrom(...zones) })
  .filter(({ from, to }) => from !== to);
/** Any minute of 2026, half of them in the days on which some of the zones change their clocks. */
const minuteArbitrary = fc
  .oneof(
    fc.integer({ min: at('2026-01-01T00:00:00Z') / 60_000, max: at('2027-01-01T00:00:00Z') / 60_000 }),
    fc
      .tuple(
        fc.constantFrom('2026-03-07', '2026-03-28', '2026-04-04', '2026-10-03', '2026-10-24', '2026-10-31'),
        fc.nat(2880),
      )
      .map(([day, minutes]) => at(`${day}T00:00:00Z`) / 60_000 + minutes),
  )
  .map((minute) => minute * 60_000);

test('an answer is not changed by earlier questions', () => {
  const shared = createQuietUntil();
  fc.assert(
    fc.property(hoursArbitrary, minuteArbitrary, (hours, instant) => {
      expect(shared(hours, instant)).toBe(createQuietUntil()(hours, instant));
    }),
    { numRuns: 300 },
  );
});

test('quiet hours hold whenever the clock on the wall says so, until the end that is named, and not at it', () => {
  const quietUntil = createQuietUntil();
  const shown = (timeZone: string, instant: number): string =>
    new Date(instant + createZonedTime(timeZone).offsetMs(instant)).toISOString().slice(11, 16);
  fc.assert(
    fc.property(hoursArbitrary, minuteArbitrary, (hours, instant) => {
      const { from, to, timeZone } = hours;
      const now = shown(timeZone, instant);
      const isWithin = from < to ? from <= now && now < to : now >= from || now < to;
      const until = quietUntil(hours, instant);
      // The other way round it need not hold: an hour that comes twice is quiet both times.
      if (isWithin) expect(until).toBeDefined();
      if (until === undefined) return;
      expect(until).toBeGreaterThan(instant);
      expect(quietUntil(hours, until - 1)).toBe(until);
      expect(quietUntil(hours, until)).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
