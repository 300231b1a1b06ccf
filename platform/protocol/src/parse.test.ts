// An error says what is wrong with a value, with the path that leads to it.
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { broadcastRequestSchema } from './delivery.ts';
import { isBelfryError, type BelfryError } from './errors.ts';
import { parseWith } from './parse.ts';

function failure(act: () => unknown): BelfryError {
  try {
    act();
  } catch (error) {
    if (isBelfryError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a value that does not fit', () => {
  it('is refused with the path of the first problem', () => {
    const error = failure(() => parseWith(z.object({ a: z.array(z.string()) }), { a: ['x', 5] }));
    expect(error.toWire()).toMatchObject({ code: 'invalid_body', path: ['a', 1] });
  });

  it('names the unknown field', () => {
    expect(failure(() => parseWith(z.strictObject({ a: z.string() }), { a: 'x', b: 1 })).path).toEqual(['b']);
  });

  it('is refused with the code and below the path that the caller names', () => {
    const error = failure(() =>
      parseWith(z.object({ text: z.string() }), {}, { code: 'invalid_content', path: ['content'] }),
    );
    expect(error.toWire()).toMatchObject({ code: 'invalid_content', path: ['content', 'text'] });
  });

  it.each([
    [{ users: ['bob', 5] }, ['audience', 'users', 1]],
    [{ users: ['bob'], all: true }, ['audience', 'all']],
    [{ conversation: { $gt: '' } }, ['audience', 'conversation']],
    ['everyone', ['audience']],
  ])('of several forms is validated by the one that was most likely meant: %j', (audience, path) => {
    expect(failure(() => parseWith(broadcastRequestSchema, { kind: 'direct', data: {}, audience })).path).toEqual(path);
  });
});

describe('the words about a value that does not fit', () => {
  const schema = z
    .strictObject({
      text: z.string().min(2).max(3),
      count: z.int().min(1).max(5),
      share: z.number().lt(1),
      on: z.boolean(),
      list: z.array(z.string()).min(1).max(2),
      id: z.uuid(),
      at: z.iso.datetime(),
      level: z.enum(['low', 'high']),
      only: z.literal('sent'),
      size: z.number().multipleOf(5),
      either: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      table: z.record(z.string().max(2), z.string()),
      one: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.literal(true) })]),
      name: z.string().regex(/^[a-z]+$/, 'must be a name such as text'),
      form: z.string().regex(/^[a-z]+$/),
    })
    .partial();

  it.each([
    [{ text: 5 }, '`text` must be text, not a number.'],
    [{ text: null }, '`text` must be text, not null.'],
    [{ text: ['x'] }, '`text` must be text, not a list.'],
    [{ text: 'x' }, '`text` must have at least 2 characters.'],
    [{ text: 'long' }, '`text` must have at most 3 characters.'],
    [{ count: 1.5 }, '`count` must be a whole number, not a number.'],
    [{ count: 0 }, '`count` must be at least 1.'],
    [{ count: 9 }, '`count` must be at most 5.'],
    [{ share: 1 }, '`share` must be less than 1.'],
    [{ on: 'yes' }, '`on` must be true or false, not text.'],
    [{ list: {} }, '`list` must be a list, not an object.'],
    [{ list: [] }, '`list` must have at least 1 entry.'],
    [{ list: ['x', 1] }, '`list.1` must be text, not a number.'],
    [{ id: 'x' }, '`id` must be a UUID.'],
    [{ at: 'x' }, '`at` must be a time such as 2026-01-31T12:00:00.000Z.'],
    [{ level: 'mid' }, '`level` must be one of low, high.'],
    [{ only: 'x' }, '`only` must be sent.'],
    [{ one: { c: 1 } }, '`one` must have one of `a`, `b`.'],
    [{ one: {} }, '`one` must have one of `a`, `b`.'],
    [{ one: { b: 'x' } }, '`one.b` must be true.'],
    [{ size: 3 }, '`size` must be a multiple of 5.'],
    [{ either: { a: 1 } }, '`either.a` must be text, not a number.'],
    [{ table: { long: 'x' } }, '`table.long` has a name that is not allowed.'],
    [{ name: 'X' }, '`name` must be a name such as text.'],
    [{ form: 'X' }, '`form` must be written in its own form.'],
    [{ other: 1 }, '`other` is an unknown field.'],
    ['x', 'This must be an object, not text.'],
    [undefined, 'Nothing was sent where something is needed.'],
  ])('%j: %s', (value, words) => {
    expect(failure(() => parseWith(schema, value)).message).toBe(words);
  });

  it('say that a field is required when it is missing', () => {
    expect(failure(() => parseWith(z.object({ text: z.string() }), {})).message).toBe('`text` is required.');
  });

  it('are those of the schema where it has a whole sentence', () => {
    const pair = z.object({}).refine(() => false, 'either a or b is needed');
    expect(failure(() => parseWith(pair, {})).message).toBe('Either a or b is needed.');
  });
});

it('a value that fits is handed on with its defaults', () => {
  expect(parseWith(z.object({ a: z.string().default('x') }), {})).toEqual({ a: 'x' });
});
