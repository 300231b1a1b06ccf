// Rules that hold for all declared collections.

import { expect, test } from 'vitest';
import { declarations } from './create-mongo-stores.ts';
import { indexName } from './declaration.ts';

test('the server sweeps nothing by itself whose time an app decides on', () => {
  const swept = declarations.flatMap(({ name, indexes }) =>
    indexes.filter((index) => index.expireAfterSeconds !== undefined).map((index) => `${name}.${indexName(index)}`),
  );
  // Each document of it says when it is over. A time of the index would hold for every app.
  expect(swept).toEqual(['idempotency.sweepAt_1']);
});
