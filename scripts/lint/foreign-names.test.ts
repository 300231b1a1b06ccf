// The lint rule on tables of foreign names, over pieces of code with types.
import { Linter } from 'eslint';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { afterAll, expect, test } from 'vitest';
import { createTemporaryFolder } from '../../platform/server/test/support/temporary-folder.ts';
import { foreignNames } from './foreign-names.ts';

// A project of its own: within the repository all of it would be read first, which takes many seconds.
const folder = createTemporaryFolder();
afterAll(() => folder.remove());
const compilerOptions = { target: 'esnext', lib: ['esnext'], types: [], strict: true, noUncheckedIndexedAccess: true };
writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [] }));

const tables = 'export {}; declare const table: Record<string, number>; declare const name: string; ';

/** How many places of the code the rule reports. */
function findings(code: string): number {
  const linter = new Linter({ cwd: folder.path });
  const messages = linter.verify(
    `${tables}\n${code}`,
    {
      files: ['**/*.ts'],
      plugins: { belfry: { rules: { 'foreign-names': foreignNames } } },
      rules: { 'belfry/foreign-names': 'error' },
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: { projectService: { allowDefaultProject: ['*.ts'] }, tsconfigRootDir: folder.path },
      },
    },
    { filename: join(folder.path, 'sample.ts') },
  );
  expect(messages.filter(({ ruleId }) => ruleId === null)).toEqual([]);
  return messages.length;
}

test.each([
  ['is read by a name that is any string', 'export const found = table[name];'],
  ['is written by a name that is any string', 'table[name] = 1;'],
  [
    'is written in a loop over the keys of another',
    'for (const key of Object.keys(table)) ({} as typeof table)[key] = 1;',
  ],
  ['may be undefined', 'declare const some: typeof table | undefined; export const found = some?.[name];'],
])('a plain object as a table is reported when it %s', (_when, code) => {
  expect(findings(code)).toBe(1);
});

test.each([
  ['a Map is asked', 'export const found = new Map<string, number>().get(name);'],
  [
    'the object is asked first whether it has the name',
    'export const found = Object.hasOwn(table, name) ? table[name] : 0;',
  ],
  ['the name is one of its own keys', 'for (const key of Object.keys(table)) console.log(table[key]);'],
  ['the name is one of a few', "for (const key of ['a', 'b'] as const) console.log(table[key]);"],
  ['the name is one of two', 'export const found = table[id];'],
  [
    'it is a table without a prototype',
    'interface Table { readonly [name: string]: number } declare const own: Table; export const found = own[name];',
  ],
  ['it is a list', 'export const found = [1, 2][0];'],
])('nothing is reported when %s', (_when, code) => {
  expect(findings(code)).toBe(0);
});
