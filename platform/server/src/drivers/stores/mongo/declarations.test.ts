// Rules that hold for all declared collections, and that docs/operations.md names each with a shard key that
// its unique indexes allow.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const page = readFileSync(join(import.meta.dirname, '../../../../../../docs/operations.md'), 'utf8');

/** The rows of the table of shard keys: collections, and the fields of a key that fits each. */
function shardKeys(): { names: string[]; fields: string[] }[] {
  const [, table = ''] = /\n\| collection +\| shard key [^\n]*\n\| -[^\n]*\n((?:\|[^\n]*\n)+)/.exec(page) ?? [];
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [, names = '', key = ''] = row.split('|');
      return {
        names: [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
        fields: [...key.matchAll(/(\w+): 1/g)].map(([, field = '']) => field),
      };
    });
}

test('every unique index of a collection that grows begins with its shard key, and the page names every collection', () => {
  const keyOf = new Map(shardKeys().flatMap(({ names, fields }) => names.map((name) => [name, fields] as const)));
  expect(keyOf.get('messages')).toEqual(['app', 'stream']);
  const others = [...declarations].filter(({ name }) => !keyOf.has(name));
  for (const { name, indexes } of declarations) {
    const fields = keyOf.get(name);
    if (fields === undefined) continue;
    for (const { key, unique } of indexes) {
      if (unique === true) expect(Object.keys(key).slice(0, fields.length), name).toEqual(fields);
    }
  }
  expect([...keyOf.keys()].filter((name) => !declarations.some((each) => each.name === name))).toEqual([]);
  const [, rest = ''] = /\nLeave all others on one shard\.([^\n]*)/.exec(page) ?? [];
  const named = [...rest.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(others.map(({ name }) => name).filter((name) => !named.includes(name))).toEqual([]);
});
