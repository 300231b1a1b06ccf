import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { checkComposeFiles, composeProblems } from './compose-files.ts';

const service = (fields: string) => `services:\n  a:\n    image: x\n${fields.replaceAll(/^/gm, '    ')}`;

test('the Compose files of the repository are as the specification wants them', async () => {
  expect(await checkComposeFiles(dirname(import.meta.dirname))).toEqual({ ok: true, output: '' });
});

test.each([
  ['a field that there is not', 'stop_grace: 5s', '/services/a must NOT have additional properties: stop_grace'],
  ['a value of another type', 'read_only: [a]', '/services/a/read_only must be boolean'],
  ['a profile that is no list', 'profiles: monitoring', '/services/a/profiles must be array'],
])('%s is found', (_, fields, problem) => {
  expect(composeProblems(service(fields))).toContain(problem);
});

test('fields of a merged anchor are looked at too', () => {
  const text = `x-a: &a\n  imagee: x\n${service('<<: *a')}`;
  expect(composeProblems(text)).toContain('/services/a must NOT have additional properties: imagee');
});
