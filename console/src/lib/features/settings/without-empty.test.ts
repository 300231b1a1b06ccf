import { expect, test } from 'vitest';
import { withoutEmpty } from './without-empty.ts';

test('what says nothing is left out, and what says none or zero is not', () => {
  const change = {
    name: undefined,
    origins: [],
    disabled: false,
    limits: { connections: undefined },
    settings: { waitMs: null, uploads: { enabled: undefined }, pushQuota: { perDay: 0 } },
  };
  expect(withoutEmpty(change)).toEqual({
    origins: [],
    disabled: false,
    settings: { waitMs: null, pushQuota: { perDay: 0 } },
  });
});
