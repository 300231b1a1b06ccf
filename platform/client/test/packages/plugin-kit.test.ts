// A plugin of somebody else that installed the kit's tarball: the template compiles under strict TypeScript, its
// tests run, and Node loads the kit as it is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp, kitTarball, root, slowMs, type App } from './packed.ts';

const template = (file: string): string => readFileSync(join(root, 'plugins/_template', file), 'utf8');

let app: App;

beforeAll(async () => {
  app = await createApp({
    ...{ '@belfry/plugin-kit': `file:${kitTarball}`, '@types/node': '^24', vitest: '^5', typescript: '^6' },
  });
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: 'esnext', lib: ['esnext'], types: ['node'] },
    ...{ module: 'nodenext', allowImportingTsExtensions: true, skipLibCheck: true },
  };
  app.write({
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    'index.ts': template('index.ts'),
    'index.test.ts': template('index.test.ts'),
    'icon.svg': template('icon.svg'),
    'main.js': "import { apiVersion, z } from '@belfry/plugin-kit';\nconsole.log(apiVersion, typeof z.object);\n",
  });
}, slowMs);

afterAll(() => app.remove());

test(
  'the template compiles and passes its own tests outside of the repository',
  async () => {
    const manifest = JSON.parse(readFileSync(join(app.folder, 'package.json'), 'utf8')) as object;
    const { belfry } = JSON.parse(template('package.json')) as { belfry: object };
    app.write({ 'package.json': JSON.stringify({ ...manifest, exports: './index.ts', belfry }) });
    await app.run(process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.');
    const output = await app.run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run', '--reporter=dot');
    expect(output).toMatch(/Tests.*\d+ passed/);
    expect(await app.run(process.execPath, 'main.js')).toMatch(/^\d+\.\d+\.\d+ function\n$/);
  },
  slowMs,
);
