import { beforeEach, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts';
import { asAppId } from '../ports/app-id.ts';
import { Refusals } from './refusals.ts';

const demo = asAppId('demo');
const evil = {
  stage: 'upgrade',
  reason: 'origin_not_allowed',
  code: 'forbidden',
  origin: 'https://evil.example',
} as const;
let clock: VirtualClock;
let refusals: Refusals;

beforeEach(() => {
  clock = createVirtualClock();
  refusals = new Refusals({ clock });
});

test('attempts of one sort are one record, with how many there were and when', async () => {
  const first = clock.now();
  refusals.record(demo, evil);
  await clock.advance(1000);
  refusals.record(demo, evil);
  refusals.record(demo, { ...evil, origin: 'https://other.example' });
  expect(refusals.list(demo)).toEqual([
    expect.objectContaining({ origin: 'https://other.example', count: 1, firstAt: clock.now() }),
    expect.objectContaining({ ...evil, count: 2, firstAt: first, at: clock.now() }),
  ]);
});

test('refusals of an app are that app’s alone', () => {
  refusals.record(demo, evil);
  expect(refusals.list(asAppId('other'))).toEqual([]);
});

test('one client that tries all day does not push the others out', () => {
  refusals.record(demo, evil);
  for (let i = 0; i < 1000; i += 1) refusals.record(demo, { ...evil, origin: 'https://loud.example' });
  expect(refusals.list(demo).map(({ origin }) => origin)).toEqual(['https://loud.example', 'https://evil.example']);
});

test('of an app two hundred sorts are kept, the newest, and of each text its beginning', () => {
  for (let i = 0; i < 300; i += 1) refusals.record(demo, { ...evil, origin: `https://${i}.example` });
  expect(refusals.list(demo)).toHaveLength(200);
  expect(refusals.list(demo)[0]?.origin).toBe('https://299.example');
  refusals.record(demo, { ...evil, userAgent: 'x'.repeat(9000) });
  expect(refusals.list(demo)[0]?.userAgent).toHaveLength(300);
});
