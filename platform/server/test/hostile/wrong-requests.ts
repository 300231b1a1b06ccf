// Rows of hostile HTTP requests: one call with the key of the attacked app, and the problem that it is answered
// with.
import { expect } from 'vitest';
import { keys, type Row } from './attacked-server.ts';
import type { CallAnswer } from './http-call.ts';

export const json = { 'content-type': 'application/json' };
export const key = { authorization: `Bearer ${keys.demo}` };

export function expectProblem(
  answer: CallAnswer,
  status: number,
  code: string,
  more: Record<string, unknown> = {},
): void {
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ status, requestId: expect.any(String), ...more });
}

export interface Wrong {
  method?: string;
  path: string | (() => string);
  body?: string | object;
  headers?: () => Record<string, string>;
}

export function answers(status: number, code: string, wrong: Wrong & { more?: Record<string, unknown> }): Row['run'] {
  return async ({ call }) => {
    const { method = 'GET', path, body, headers = () => ({}) } = wrong;
    const target = `/api/v1${typeof path === 'string' ? path : path()}`;
    const answer = await call(target, {
      method,
      headers: { ...key, ...(body === undefined ? {} : json), ...headers() },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    expectProblem(answer, status, code, wrong.more);
  };
}
