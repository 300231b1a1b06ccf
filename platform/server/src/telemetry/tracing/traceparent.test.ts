import { expect, test } from 'vitest';
import { readTraceparent, writeTraceparent } from './traceparent.ts';

const place = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const ids = `${place.traceId}-${place.spanId}`;

test('a header is read as it was written', () => {
  for (const isSampled of [true, false]) {
    expect(readTraceparent(writeTraceparent({ ...place, isSampled }))).toEqual({ ...place, isSampled });
  }
});

test('other flags do not matter, and a later version may say more', () => {
  expect(readTraceparent(`00-${ids}-03`)).toEqual({ ...place, isSampled: true });
  expect(readTraceparent(`01-${ids}-00-more`)).toEqual({ ...place, isSampled: false });
});

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${place.spanId}-01`],
  ['a span of zeros', `00-${place.traceId}-${'0'.repeat(16)}-01`],
  ['capital letters', `00-${ids.toUpperCase()}-01`],
  ['the forbidden version', `ff-${ids}-01`],
  ['more than version 00 has', `00-${ids}-01-more`],
  ['a part that is missing', `00-${place.traceId}-01`],
  ['lines of a log', `00-${ids}-01\n{"level":"error"}`],
])('%s is no header', (_, text) => {
  expect(readTraceparent(text)).toBeUndefined();
});
