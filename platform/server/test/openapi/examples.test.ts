// Every operation of the OpenAPI document, sent to a server as "Try it out" fills it in. Only ids that a
// server makes are those of this one.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicApiDocument } from '../../src/http/doors/public/openapi.ts';
import { callOnce, type CallAnswer } from '../hostile/http-call.ts';
import { apiKey } from '../support/provision.ts';
import { startFilledApp, type FilledApp } from './filled-app.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; example?: string | number }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, unknown>;
}

/**
 * What makes things comes before what reads and changes them; what takes them away comes last, parts before
 * wholes.
 */
const methods = ['put', 'post', 'get', 'patch', 'delete'];

const operations = Object.entries(publicApiDocument().paths ?? {})
  .flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, ...operation })),
  )
  // What is sent as a form is sent by what fills the app.
  .filter(({ requestBody }) => requestBody?.content['multipart/form-data'] === undefined)
  .map((operation, index) => ({ ...operation, index: operation.method === 'delete' ? -index : index }))
  .toSorted((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method) || a.index - b.index);

/** These have no place for the user that an API key would have to name. */
const forUsersAlone = new Set(['getPreferences', 'changePreferences']);

let app: FilledApp;
beforeAll(async () => {
  app = await startFilledApp();
}, 60_000);
afterAll(() => app.stop());

test.each(operations.map((operation) => [operation.operationId, operation] as const))(
  '%s works with what is filled in',
  async (operationId, operation) => {
    const { status, text } = await send(operation);
    const good = Object.keys(operation.responses).filter((each) => each.startsWith('2'));
    expect(good, `${operationId}: ${text}`).toContain(String(status));
  },
);

async function send({
  operationId,
  path,
  method,
  parameters = [],
  requestBody,
}: (typeof operations)[number]): Promise<CallAnswer> {
  const own = new Map(Object.entries((await app.idsFor(operationId)) ?? {}));
  const query = new URLSearchParams();
  let target = path;
  for (const { name, in: where, example } of parameters) {
    const value = own.get(name) ?? example;
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    if (where === 'path') target = target.replace(`{${name}}`, encodeURIComponent(String(value)));
    if (where === 'query') query.set(name, String(value));
  }
  const body = own.get('body') ?? requestBody?.content['application/json']?.example;
  return await callOnce(app.server.url, query.size === 0 ? target : `${target}?${query.toString()}`, {
    method: method.toUpperCase(),
    headers: {
      authorization: `Bearer ${forUsersAlone.has(operationId) ? app.userToken : apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
