// The sizes of the console's screens, of a small build made by hand.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { consoleTable, isTooLarge, measureConsole } from './console-size.ts';

function build(files: Record<string, string>): string {
  const dist = mkdtempSync(join(tmpdir(), 'console-size-'));
  onTestFinished(() => rmSync(dist, { recursive: true }));
  for (const folder of ['entry', 'nodes', 'assets', 'chunks'])
    mkdirSync(join(dist, '_app/immutable', folder), { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(dist, '_app/immutable', file), content);
  return dist;
}

const small = {
  'entry/start.a.js': 'import{a}from"../chunks/c.js";',
  'entry/app.b.js': 'var l={"/(in)/t/[tenant]/apps":[3,[2]],"/(out)/sign-in":[4,[]]};()=>import(`../chunks/late.js`)',
  'chunks/c.js': 'x'.repeat(1000),
  'chunks/late.js': 'y'.repeat(500_000),
  'nodes/0.n.js': '',
  'nodes/2.n.js': 'import"../chunks/c.js"',
  'nodes/3.n.js': 'import{b}from"../chunks/c.js";',
  'nodes/4.n.js': 'z'.repeat(50),
  'assets/0.s.css': 'body{}',
};

test('a screen has what it needs at first, each file once, and nothing that comes later', async () => {
  const sizes = await measureConsole(build(small));
  expect(sizes.map(({ screen }) => screen)).toEqual(['shell', '/t/[tenant]/apps', '/sign-in']);
  const [shell, apps] = sizes;
  expect((apps?.bytes ?? 0) - (shell?.bytes ?? 0)).toBe(small['nodes/3.n.js'].length);
  expect(shell?.bytes).toBeLessThan(2000);
  expect(sizes.some(isTooLarge)).toBe(false);
});

test('what is packed beside a file counts, and too much is said', async () => {
  const dist = build({ ...small, 'chunks/c.js.br': 'x'.repeat(130 * 1024) });
  const sizes = await measureConsole(dist);
  expect(sizes.filter(isTooLarge).map(({ screen }) => screen)).toEqual(['shell']);
  expect(consoleTable(sizes)).toContain('TOO LARGE: more than 120.0 KiB');
});
