// Reads which part of a file a `Range` header asks for (RFC 9110, 14). Reading the part itself is the
// store's.

/** Both ends included, counted from 0. */
export interface ByteRange {
  from: number;
  to: number;
}

export type RangeAsked = 'whole' | 'unsatisfiable' | ByteRange;

/**
 * One range is understood. A header that is none, of another unit, or of several ranges is as good as no
 * header: a server may always answer with the whole.
 */
export function parseRange(header: string, bytes: number): RangeAsked {
  const found = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header);
  const [first = '', last = ''] = found?.slice(1) ?? [];
  if (found === null || (first === '' && last === '')) return 'whole';
  if (first === '') return lastOnes(Number(last), bytes);
  const from = Number(first);
  const to = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < from) return 'whole';
  return from >= bytes ? 'unsatisfiable' : { from, to };
}

function lastOnes(count: number, bytes: number): RangeAsked {
  return count === 0 || bytes === 0 ? 'unsatisfiable' : { from: Math.max(0, bytes - count), to: bytes - 1 };
}
