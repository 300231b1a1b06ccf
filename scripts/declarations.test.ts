// Proves that an app outside of this repository gets types: with the packages as npm would install them, and
// its own compiler options.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declaredPackages, declareTypes } from './declarations.ts';
import { runNode } from './steps.ts';

const root = join(import.meta.dirname, '..');
/** Two runs of tsc. */
const setupMs = 120_000;
let app: string;

beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'belfry-app-'));
  mkdirSync(join(app, 'node_modules/@belfry'), { recursive: true });
  symlinkSync(join(root, 'node_modules/zod'), join(app, 'node_modules/zod'));
  for (const of of declaredPackages) {
    const folder = join(app, 'node_modules/@belfry', of);
    mkdirSync(folder);
    cpSync(join(root, 'platform', of, 'package.json'), join(folder, 'package.json'));
    await declareTypes(of, join(folder, 'dist/types'));
  }
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: 'es2022', lib: ['es2023', 'dom'] },
    ...{ module: 'esnext', moduleResolution: 'bundler', types: [] },
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
}, setupMs);

afterAll(() => rmSync(app, { recursive: true, force: true }));

async function compile(source: string): Promise<string> {
  writeFileSync(join(app, 'main.ts'), source);
  const { output } = await runNode([join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: app });
  return output.trim();
}

test(
  'what is used as it is declared compiles, and what is not is an error there',
  async () => {
    const output = await compile(`
      import { createBelfry, type ServerEvent } from '@belfry/client';
      import { createChat } from '@belfry/client/chat';
      import { enablePush } from '@belfry/client/push';
      const belfry = createBelfry({ app: 'demo', getToken: () => null });
      belfry.on('new_message', ({ seq, data }: ServerEvent) => console.log(seq?.toFixed(), data['content']));
      export const status: string = belfry.snapshot().status;
      export const chat = createChat(belfry);
      export const pushed = enablePush(belfry);
      export const wrong: number = belfry.snapshot().status;
      createBelfry({ app: 1, getToken: () => null });
    `);
    expect(output.match(/^.*error TS\d+/gm)).toEqual([
      expect.stringMatching(/^main.ts.10,.* error TS2322$/),
      expect.stringMatching(/^main.ts.11,.* error TS2322$/),
    ]);
  },
  setupMs,
);
