// `npm run test:bench`: every scenario, in its quick form.
import { test } from 'vitest';
import { scenarios } from './index.ts';
import { patienceMs, runsThrough } from './runs-through.fixture.ts';
import { soakFor } from './soak.ts';

const loads = scenarios.filter(({ name }) => name !== 'sdk-size');

test.each([...loads, soakFor(4000)])(
  '$name runs from end to end and measures something',
  { timeout: patienceMs },
  (scenario) => runsThrough(scenario),
);
