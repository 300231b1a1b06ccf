// Every program of README.md and docs/ compiles under strict TypeScript, against the types that an app gets.
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBrowserBuild } from './browser-build.ts';
import { snippetsOf, type Snippet } from './doc-snippets.ts';
import { runNode } from './steps.ts';

const root = dirname(import.meta.dirname);
const pages = globSync(['README.md', 'docs/*.md', 'platform/client/README.md'], { cwd: root }).sort();
const slowMs = 240_000;

/** Where a snippet lies among the files of the compiler. */
interface Placed extends Snippet {
  page: string;
  path: string;
}

/** What a reader's own app has, or packages that are not in this repository. */
const ofReaders = `
declare module '$env/static/private' {
  export const BELFRY_KEY: string, BELFRY_URL: string;
}
declare module '@/lib/session' {
  interface User { id: string; name: string }
  export function getSession(): Promise<{ user: User } | null>;
  export function currentUser(): Promise<User | undefined>;
}
declare module 'express-session' {
  export default function session(options: object): (...handled: any[]) => void;
}
declare namespace Express {
  interface Request { session: { user?: { id: string; name: string } } }
}
`;

let folder: string;
let placed: Placed[];

beforeAll(async () => {
  await ensureBrowserBuild({ say: () => undefined });
  folder = mkdtempSync(join(tmpdir(), 'belfry-snippets-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  placed = pages.flatMap((page) =>
    snippetsOf(readFileSync(join(root, page), 'utf8')).map((snippet) => ({
      ...snippet,
      page,
      path: pathOf(page, snippet),
    })),
  );
  for (const kind of ['ts', 'js']) {
    mkdirSync(join(folder, kind));
    writeFileSync(join(folder, kind, 'of-readers.d.ts'), ofReaders);
  }
  for (const snippet of placed) {
    mkdirSync(dirname(join(folder, snippet.path)), { recursive: true });
    writeFileSync(join(folder, snippet.path), textOf(snippet));
  }
}, slowMs);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** JavaScript has no place for what a snippet takes for granted: with that it is compiled as TypeScript. */
function pathOf(page: string, { language, file, line, given }: Snippet): string {
  const kind = language.startsWith('js') ? 'js' : 'ts';
  const extension = given === '' ? language : language.replace(/^js/, 'ts');
  return join(kind, page.replaceAll('/', '-').replace('.md', ''), file ?? `line-${line}.${extension}`);
}

function textOf({ language, given, code }: Snippet): string {
  if (language === 'svelte') return code;
  return `${given}${code}\nexport {};\n`;
}

const strict = {
  ...{ strict: true, noEmit: true, skipLibCheck: true, target: 'esnext', lib: ['esnext', 'dom', 'dom.iterable'] },
  ...{ module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx', types: ['node'] },
  // As in Vite's own template for React.
  ...{ noUnusedLocals: true, noUnusedParameters: true },
  ...{ allowImportingTsExtensions: true, noUncheckedSideEffectImports: true },
};

/** Each error at its place in the docs. */
async function errorsOf(kind: 'ts' | 'js'): Promise<string[]> {
  const compilerOptions = { ...strict, ...(kind === 'js' && { strict: false, allowJs: true, checkJs: true }) };
  writeFileSync(join(folder, `${kind}.json`), JSON.stringify({ compilerOptions, include: [`${kind}/**/*`] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { output } = await runNode([tsc, '-p', join(folder, `${kind}.json`), '--pretty', 'false'], { cwd: folder });
  return output
    .split('\n')
    .filter((line) => line.includes('error TS'))
    .flatMap((text) => {
      const [, path = '', line = '', message = ''] = /^(.*)\((\d+),\d+\): (.*)$/.exec(text) ?? [];
      const found = placed.find((snippet) => snippet.path === path);
      if (found === undefined) return text;
      // Most snippets are parts of a program, and what they make is used further on. A component is all of its file.
      if (/TS6(133|192|196|198)\b/.test(message) && found.language !== 'tsx') return [];
      const given = found.given.split('\n').length - 1;
      return `${found.page}:${found.line + Number(line) - 1 - given}: ${message}`;
    });
}

test.each(['ts', 'js'] as const)(
  'every %s of the docs compiles',
  async (kind) => {
    expect(placed.filter(({ path }) => path.startsWith(kind)).length).toBeGreaterThan(1);
    expect(await errorsOf(kind)).toEqual([]);
  },
  slowMs,
);

test(
  'every component of Svelte in the docs passes svelte-check',
  async () => {
    const components = placed.filter(({ language }) => language === 'svelte');
    expect(components.length).toBeGreaterThan(0);
    for (const { path } of components) {
      const belfry =
        "import { createBelfry } from '@belfry/client';\nexport const belfry = createBelfry({ app: 'demo' });\n";
      const file = join(dirname(path), 'belfry.ts');
      if (!placed.some((other) => other.path === file)) writeFileSync(join(folder, file), belfry);
    }
    const include = components.map(({ path }) => path);
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...strict, types: ['svelte'] }, include }),
    );
    const checker = join(root, 'node_modules/svelte-check/bin/svelte-check');
    const { ok, output } = await runNode(
      [checker, '--workspace', folder, '--tsconfig', join(folder, 'tsconfig.json'), '--fail-on-warnings'],
      { cwd: folder },
    );
    expect(ok, output).toBe(true);
  },
  slowMs,
);

test('every getToken of the docs that asks a back end tells nobody from an outage', () => {
  const asking = placed.filter(({ code }) => /getToken\b[^;]*?\bfetch\(/.test(code));
  expect(asking.length).toBeGreaterThan(4);
  const careless = asking.filter(
    ({ code }) => !code.includes('401') || !code.includes('throw') || !code.includes("method: 'POST'"),
  );
  expect(careless.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

test('a snippet has its language, its name, what it takes for granted, and its line', () => {
  const page = [
    '# A',
    '',
    '<!-- snippet as a.ts -->',
    '```ts',
    'x;',
    '```',
    '',
    '<!-- snippet:',
    'declare const y: 1;',
    '-->',
    '',
    '```js',
    'y;',
    '```',
    '```sh',
    'ls',
    '```',
  ];
  expect(snippetsOf(page.join('\n'))).toEqual([
    { language: 'ts', file: 'a.ts', given: '', code: 'x;\n', line: 5 },
    { language: 'js', file: undefined, given: 'declare const y: 1;\n', code: 'y;\n', line: 13 },
  ]);
});
