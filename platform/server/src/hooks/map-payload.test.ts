// What a mapping is given of a payload. Carrying out what it makes: inbound.test.ts.

import { expect, test } from 'vitest';
import { jsonErrorPosition } from '../http/json-position.ts';
import { asAppId } from '../ports/app-id.ts';
import { createMapPayload } from './map-payload.ts';

async function mapped(payload: string): Promise<string> {
  let given = '';
  const mapPayload = createMapPayload({
    mapper: {
      async map(_app, input) {
        given = input.payload;
        return { ok: true, value: { kind: 'direct', audience: { users: ['bob'] }, data: {} } };
      },
    },
    limits: { jsonDepth: 8 },
    jsonErrorPosition,
  });
  await mapPayload(asAppId('demo'), { mapping: '$', payload });
  return given;
}

test.each([
  ['{"id":9007199254740993}', '{"id":"9007199254740993"}'],
  [
    '{"ids":[-9007199254740993,12345678901234567890123456789]}',
    '{"ids":["-9007199254740993","12345678901234567890123456789"]}',
  ],
  ['{"a":{"id":10000000000000000,"n":7}}', '{"a":{"id":"10000000000000000","n":7}}'],
])('integers beyond 2^53 of %s come to the mapping as text with all their digits', async (payload, given) => {
  expect(await mapped(payload)).toBe(given);
});

test.each([
  '{"id":9007199254740991,"n":-9007199254740991}',
  '{"id":"9007199254740993"}',
  '{"x":0.12345678901234567890,"y":1.5e3}',
  '{ "spaces":  "stay, 1234567890123456" }',
])('%s comes as it was sent', async (payload) => {
  expect(await mapped(payload)).toBe(payload);
});

test.each([
  ['{"n":1e999,"id":9007199254740993}', ['n']],
  ['{"__proto__":{"id":9007199254740993}}', ['__proto__']],
  ['{"n":1e20}', ['n']],
])('%s is refused as ever', async (payload, path) => {
  await expect(mapped(payload)).rejects.toMatchObject({ code: 'bad_request', path });
});
