// The OpenAPI document passes the linter that most people check such documents with.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { publicApiDocument } from '../../src/http/doors/public/openapi.ts';

const examples = ['no-invalid-schema-examples', 'no-invalid-media-type-examples', 'no-invalid-parameter-examples'];

async function findings(document: object): Promise<string[]> {
  const rules = Object.fromEntries(examples.map((rule) => [rule, 'error' as const]));
  const config = await createConfig({ extends: ['recommended'], rules });
  const found = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  return found.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`);
}

test('the document has no finding, and its examples fit their schemas', async () => {
  expect(await findings(publicApiDocument())).toEqual([]);
});

test('an example that does not fit would be found', async () => {
  const text = JSON.stringify(publicApiDocument()).replace('"example":{"title":"Ward 7"', '"example":{"title":7');
  expect((await findings(JSON.parse(text) as object)).join()).toContain('no-invalid-media-type-examples');
});
