// Errors know their wire form, and close codes and errors are consistent.
import { describe, expect, it } from 'vitest';
import { closeCodes, mayReconnect } from './close-codes.ts';
import { errorTable, isErrorCode } from './error-table.ts';
import { BelfryError, defaultAfterMs, isBelfryError } from './errors.ts';
import { problemSchema } from './http.ts';

describe('an error', () => {
  it('goes over the wire with its code, text and advice', () => {
    const error = new BelfryError('feature_disabled', { message: 'This page has no voice_note.' });
    expect(error.toWire()).toEqual({
      code: 'feature_disabled',
      message: 'This page has no voice_note.',
      retry: 'never',
    });
  });

  it('says its title where no message was given', () => {
    expect(new BelfryError('not_found').message).toBe(errorTable.not_found.title);
  });

  it('always says when a request may be tried again later', () => {
    expect(new BelfryError('rate_limited', { afterMs: 800 }).toWire().afterMs).toBe(800);
    expect(new BelfryError('overloaded').toWire().afterMs).toBe(defaultAfterMs);
    expect(new BelfryError('internal').toWire().afterMs).toBeUndefined();
  });

  it('is an RFC 9457 problem over HTTP', () => {
    const cause = new Error('secret');
    const problem = new BelfryError('invalid_content', {
      message: 'Too short.',
      path: ['content', 0],
      cause,
    }).toProblem('r-1');
    expect(problem).toEqual({
      type: '/docs/errors/invalid_content',
      title: errorTable.invalid_content.title,
      status: 422,
      code: 'invalid_content',
      detail: 'Too short.',
      path: ['content', 0],
      requestId: 'r-1',
    });
    expect(problemSchema.parse(problem)).toEqual(problem);
  });

  it('is recognised when it comes from another copy of this package', () => {
    const foreign = Object.assign(new Error('x'), { name: 'BelfryError', code: 'conflict' });
    expect(isBelfryError(foreign)).toBe(true);
    expect(isBelfryError(new BelfryError('conflict'))).toBe(true);
    expect(isBelfryError(Object.assign(new Error('x'), { code: 'conflict' }))).toBe(false);
    expect(isBelfryError({ name: 'BelfryError', code: 'conflict' })).toBe(false);
  });

  it('has a code of the table and no other', () => {
    expect(isErrorCode('internal')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });
});

describe('a close code', () => {
  it.each(Object.entries(closeCodes))('%s gives the same advice in the table and by its number', (_name, row) => {
    expect(mayReconnect(row.code)).toBe(row.reconnect);
  });

  it('has a reason that fits into a close frame', () => {
    for (const { reason } of Object.values(closeCodes)) {
      expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(123);
    }
  });

  it('is used once', () => {
    const codes = Object.values(closeCodes).map((row) => row.code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('of tomorrow is classified by its range', () => {
    expect([4000, 4499, 1005, 1006, 1014].map(mayReconnect)).toEqual([true, true, true, true, true]);
    expect([4500, 4999, 1010, 1015, 3000, 5000, Number.NaN].some(mayReconnect)).toBe(false);
  });
});
