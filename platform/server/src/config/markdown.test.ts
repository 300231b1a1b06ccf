import { expect, test } from 'vitest';
import { limitNames, limitVariable } from './limits.ts';
import { configurationMarkdown } from './markdown.ts';
import { environmentSchema, limitsSchema } from './schema.ts';

test('the page has a row for every variable of the schema', () => {
  const page = configurationMarkdown();
  const names = [...Object.keys(environmentSchema.shape), ...Object.keys(limitsSchema.shape)];
  expect(names.filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
  expect(limitNames.map(limitVariable)).toContain('LIMIT_FRAME_BYTES');
});

test('the documented defaults are those of the schema', () => {
  const defaults = environmentSchema.parse({});
  expect(configurationMarkdown()).toContain(`| \`WS_HEARTBEAT_INTERVAL\` | \`${defaults.WS_HEARTBEAT_INTERVAL}\` |`);
  expect(configurationMarkdown()).toContain(`| \`PORT\` | \`${defaults.PORT}\` |`);
  expect(configurationMarkdown()).toContain('| `BELFRY_SECRET` | none | yes |');
});
