// Secrets: found wherever a schema can hide them, and marked in the JSON Schema that the console draws its
// form from.
import { expect, test } from 'vitest';
import { configJsonSchema, secret, secretPaths, secretValues, z } from './index.ts';

const key = secret(z.string());

test.each<[what: string, schema: z.ZodType, paths: string[][]]>([
  ['a field', z.strictObject({ a: key, b: z.string() }), [['a']]],
  ['.meta of the author', z.strictObject({ a: z.string().meta({ title: 'A', secret: true }) }), [['a']]],
  [
    'what was added after the mark',
    z.strictObject({ a: key.min(3), b: key.optional(), c: key.describe('c') }),
    [['a'], ['b'], ['c']],
  ],
  ['a default', z.strictObject({ a: key.default('x') }), [['a']]],
  ['a transform', z.strictObject({ a: key.transform((text) => text.length) }).transform((all) => all.a), [['a']]],
  ['an inner object', z.strictObject({ in: z.strictObject({ a: key }) }), [['in', 'a']]],
  ['an array', z.strictObject({ list: z.array(z.strictObject({ a: key })) }), [['list', '*', 'a']]],
  ['a tuple', z.strictObject({ pair: z.tuple([z.string(), key]) }), [['pair', '*']]],
  ['a record', z.strictObject({ by: z.record(z.string(), key) }), [['by', '*']]],
  ['a union', z.union([z.strictObject({ a: key }), z.strictObject({ b: key })]), [['a'], ['b']]],
  ['a named part', z.strictObject({ a: key.meta({ id: 'a-named-part' }) }), [['a']]],
  ['a whole object', z.strictObject({ file: secret(z.looseObject({ private_key: z.string() })) }), [['file']]],
  ['nowhere', z.strictObject({ a: z.string() }), []],
])('are found in %s', (_what, schema, paths) => {
  expect(secretPaths(schema)).toEqual(paths);
});

test('are marked for the console beside the title', () => {
  const schema = z.strictObject({ a: secret(z.string().meta({ title: 'Key' })).optional() });

  expect(configJsonSchema(schema)).toMatchObject({ properties: { a: { type: 'string', title: 'Key', secret: true } } });
});

test('give their values, those inside a key file included, and nothing for what is missing', () => {
  const schema = z.strictObject({
    a: key.optional(),
    list: z.array(key),
    file: secret(z.looseObject({ k: z.string() })),
    b: z.string(),
  });

  expect(secretValues(schema, { list: ['one', 'two'], file: { k: 'three', n: 7 }, b: 'open' })).toEqual([
    'one',
    'two',
    'three',
  ]);
  expect(secretValues(schema, null)).toEqual([]);
});
