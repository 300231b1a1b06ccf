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

it('a value that fits is handed on with its defaults', () => {
  expect(parseWith(z.object({ a: z.string().default('x') }), {})).toEqual({ a: 'x' });
});
