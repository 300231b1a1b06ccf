// Every route of the table against a victim's ids: with the key and the tokens of another tenant's app, with
// no credentials, with too few, and as a stranger in the same app.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PublicRoute } from '../../src/http/doors/public/route.ts';
import { routeTable } from '../../src/http/doors/public/route-table.ts';
import { callOnce, type CallAnswer } from '../hostile/http-call.ts';
import { routeSamples, type RouteSample } from './route-samples.ts';
import { otherKey, startIsolatedApps, uselessKey, type IsolatedApps } from './victim.ts';

let apps: IsolatedApps;
/** Of a user of the victim's app who is in nothing. */
let eve: string;
let before: string;
let received: number;

beforeAll(async () => {
  apps = await startIsolatedApps();
  eve = await apps.server.tokenOf('eve');
  await apps.settled();
  before = await apps.digest();
  received = apps.client.frames.length;
}, 60_000);
afterAll(() => apps.stop());

const nameOf = ({ method, path }: Pick<PublicRoute, 'method' | 'path'>): string => `${method.toUpperCase()} ${path}`;

test('there is a sample for every route, and for no other', () => {
  expect(Object.keys(routeSamples).toSorted()).toEqual(routeTable.map(nameOf).toSorted());
  expect(Object.entries(routeSamples).filter(([, samples]) => samples.length === 0)).toEqual([]);
});

async function ask(route: PublicRoute, sample: RouteSample, credential?: string): Promise<CallAnswer> {
  const { victim, server } = apps;
  const params = sample.params?.(victim) ?? {};
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'missing');
  const query = sample.query === undefined ? '' : `?${sample.query(victim)}`;
  const body = sample.body === undefined ? undefined : JSON.stringify(sample.body(victim));
  return await callOnce(server.url, `/api/v1${path}${query}`, {
    method: route.method.toUpperCase(),
    headers: {
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** No answer held anything of the victim's, and nothing of it changed. */
async function expectUntouched(answer: CallAnswer, { never }: RouteSample): Promise<void> {
  expect(answer.status).toBeLessThan(500);
  expect(answer.text).not.toContain('top-secret');
  if (never !== undefined) expect(answer.text).not.toMatch(never);
  expect(await apps.digest()).toBe(before);
  await apps.client.barrier();
  expect(apps.client.frames.slice(received).filter(({ action }) => action !== undefined)).toEqual([]);
}

function expectRefused({ status, text }: CallAnswer, statuses: readonly number[]): void {
  expect(statuses, text).toContain(status);
}

/**
 * A cursor that is not one's own is 400, an id that is taken 409, content that no such app has 422, a form
 * that is none 415.
 */
const refusals = [400, 401, 403, 404, 409, 415, 422];

const rows = routeTable.flatMap((route) =>
  (routeSamples[nameOf(route)] ?? []).map((sample, index) => ({
    name: `${nameOf(route)} (${index + 1})`,
    route,
    sample,
  })),
);

describe('the key of another app', () => {
  test.each(rows)('$name', async ({ route, sample }) => {
    const answer = await ask(route, sample, otherKey);
    if (sample.foreign === 'refused') expectRefused(answer, refusals);
    await expectUntouched(answer, sample);
  });
});

describe("another app's user of the same name", () => {
  test.each(rows)('$name', async ({ route, sample }) => {
    // A new one each time: one of the rows signs its user out.
    const { body } = await apps.server.api('POST', '/tokens', { userId: 'victor' }, otherKey);
    const answer = await ask(route, sample, String(body['token']));
    if (route.auth === 'key') expectRefused(answer, [403]);
    else if (sample.foreign === 'refused') expectRefused(answer, refusals);
    await expectUntouched(answer, sample);
  });
});

describe('a user of the same app who has no part in it', () => {
  test.each(rows.filter(({ route }) => route.auth !== 'public'))('$name', async ({ route, sample }) => {
    if (route.auth === 'any' && sample.stranger === undefined) return;
    const answer = await ask(route, sample, eve);
    if (route.auth === 'key') expectRefused(answer, [403]);
    else if (sample.stranger === 'refused') expectRefused(answer, refusals);
    await expectUntouched(answer, sample);
  });
});

describe.each([
  ['nobody', undefined, 401],
  ['a key that there is not', 'bk_nobody_0123456789abcdef0123456789abcdef', 401],
  ['a key without the scope', uselessKey, 403],
])('%s', (_who, credential, status) => {
  test.each(rows.filter(({ route }) => route.auth !== 'public'))('$name', async ({ route, sample }) => {
    const answer = await ask(route, sample, credential);
    expectRefused(answer, [status]);
    await expectUntouched(answer, sample);
  });
});
