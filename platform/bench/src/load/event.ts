// The event that every contender delivers: 128 bytes of JSON that begin with the time it was sent. Each
// contender wraps the same bytes.

/** The size at which all figures of docs/performance.md were measured. */
export const eventBytes = 128;

const opening = '{"text":"';
const digits = 16;
const filler = '.'.repeat(eventBytes - opening.length - digits - '"}'.length);
const needle = Buffer.from('"text":"');

/** The clock is the machine's, so that other processes can compare. */
export function eventData(): { text: string } {
  return { text: String(nowMicros()).padStart(digits, '0') + filler };
}

/** µs since the event in this payload was made; undefined when there is none in it. */
export function ageMicros(bytes: Buffer, start: number, end: number): number | undefined {
  const at = bytes.indexOf(needle, start) + needle.length;
  if (at < needle.length || at + digits > end) return undefined;
  let sentMicros = 0;
  for (let index = at; index < at + digits; index += 1) sentMicros = sentMicros * 10 + (bytes[index] ?? 0) - 48;
  return nowMicros() - sentMicros;
}

function nowMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
