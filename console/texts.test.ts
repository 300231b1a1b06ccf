// Every message becomes code, however few files a process may have open at once.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createTemporaryFolder } from '../platform/server/test/support/temporary-folder.ts';

const fewFiles = 128;

test('no function of a message is missing where few files may be open', () => {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder.remove());
  const compile = `
    import { compile } from '@inlang/paraglide-js';
    import { texts } from './texts.ts';
    await compile({ ...texts, outdir: process.argv[1] });`;
  const node = [process.execPath, '--input-type=module', '--eval', compile, folder.path];
  execFileSync('sh', ['-c', `ulimit -n ${fewFiles} && exec "$@"`, 'sh', ...node], { cwd: import.meta.dirname });
  const index = readFileSync(join(folder.path, 'messages/_index.js'), 'utf8');
  const names = [...index.matchAll(/from '\.\/(.+?)'/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(fewFiles);
  expect(names.filter((name) => !existsSync(join(folder.path, 'messages', name)))).toEqual([]);
});

const english = JSON.parse(readFileSync(join(import.meta.dirname, 'messages/en.json'), 'utf8')) as Record<
  string,
  unknown
>;
/** A number before a word for several things: `{count} rows`. */
const severalOf =
  /\{(?:count|shown|connections|users|people|total|tabs|pages)\} (?:of \S+ )?(?:[a-z]+ )?(?:[a-z]+s|people)\b/;

test('one of a thing is not said as several: such texts have a form for one', () => {
  const flat = Object.entries(english).filter(([, text]) => typeof text === 'string' && severalOf.test(text));
  expect(flat).toEqual([]);
});
