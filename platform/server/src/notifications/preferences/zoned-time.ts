// Finds what the clocks of a time zone show at an instant, and at which instants they show a given time.
// Knows nothing of quiet hours.

export interface ZonedTime {
  /** Local minus UTC at the instant, ms. */
  offsetMs(atMs: number): number;
  /**
   * The first and the last instant at which the zone's clocks show this local time (given as if it were UTC,
   * ms). The same instant twice, nearly always; two when clocks are put back over it; for a time that is
   * skipped, the instant of the jump.
   */
  instants(localMs: number): { first: number; last: number };
}

const day = 24 * 60 * 60_000;

/**
 * Throws RangeError for a zone that this machine's table has not. Made once a zone: a formatter costs about
 * 50 µs, a use of it about 2.
 */
export function createZonedTime(timeZone: string): ZonedTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  function offsetMs(atMs: number): number {
    const shown = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => shown.get(name) ?? 0;
    const local = Date.UTC(
      ...([part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')] as const),
    );
    return local - Math.floor(atMs / 1000) * 1000;
  }

  /** The instant of the one change of the offset between the two; to the millisecond. */
  function jumpBetween(beforeMs: number, afterMs: number): number {
    const offset = offsetMs(beforeMs);
    let [low, high] = [beforeMs, afterMs];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetMs(middle) === offset) low = middle;
      else high = middle;
    }
    return high;
  }

  return {
    offsetMs,
    instants(localMs) {
      // No zone changes its clocks twice in two days, so these are the offsets before and after a change, if
      // there is one near.
      const offsets = [offsetMs(localMs - day), offsetMs(localMs + day)] as const;
      const showing = offsets.map((offset) => localMs - offset).filter((at) => at + offsetMs(at) === localMs);
      if (showing.length > 0) return { first: Math.min(...showing), last: Math.max(...showing) };
      const jump = jumpBetween(localMs - day - offsets[0], localMs + day - offsets[1]);
      return { first: jump, last: jump };
    },
  };
}
