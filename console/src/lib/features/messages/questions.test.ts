// Which reasons are of pages, and which of pushes.
import { pushReasons, realtimeReasons } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { reasonIds } from '#lib/texts/reasons.ts';
import { inPages } from './questions.ts';

test('every reason is offered once, with those of its sort', () => {
  expect([...inPages].sort()).toEqual(Object.keys(realtimeReasons).sort());
  expect(new Set(reasonIds)).toEqual(new Set([...Object.keys(realtimeReasons), ...Object.keys(pushReasons)]));
});
