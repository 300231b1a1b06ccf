import { expect, test } from 'vitest';
import { ageMicros, eventBytes, eventData } from './event.ts';

test('an event is as large as is said', () => {
  expect(Buffer.byteLength(JSON.stringify(eventData()))).toBe(eventBytes);
});

test('the age of an event is found wherever it stands in a frame', () => {
  const bytes = Buffer.from(`42["message",${JSON.stringify(eventData())}]`);
  const age = ageMicros(bytes, 0, bytes.length);
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(60_000_000);
});

test('a payload without an event has no age, although one follows', () => {
  const first = Buffer.from('{"action":"typing_status"}');
  const both = Buffer.concat([first, Buffer.from(JSON.stringify(eventData()))]);
  expect(ageMicros(both, 0, first.length)).toBeUndefined();
});
