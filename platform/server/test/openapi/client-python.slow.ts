// A Python client that a generator makes of the OpenAPI document compiles and works. The generator is
// installed into a folder of the cache at the first run.
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicApiDocument } from '../../src/http/doors/public/openapi.ts';
import { apiKey } from '../support/provision.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

/** The name of the folder says the version, so that another version is another folder. */
const generator = 'openapi-python-client==0.29.1';
const environment = join(import.meta.dirname, '../../../../node_modules/.cache/belfry', generator);
const python = join(environment, 'bin/python');
const run = promisify(execFile);

let server: WholeServer;
let folder: TemporaryFolder;
beforeAll(async () => {
  server = await startWholeServer();
  folder = createTemporaryFolder();
  // The last that is installed, so that a run that was broken off is done again.
  if (existsSync(join(environment, 'bin/openapi-python-client'))) return;
  await run('python3', ['-m', 'venv', '--clear', environment]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', generator]);
}, 300_000);
afterAll(async () => {
  folder.remove();
  await server.stop();
});

test('a generated client compiles, names calls and things as the document does, and works', async () => {
  const document = join(folder.path, 'openapi.json');
  const client = join(folder.path, 'belfry_api');
  writeFileSync(document, JSON.stringify(publicApiDocument()));
  const generate = ['generate', '--path', document, '--output-path', client, '--meta', 'none'];
  const { stdout: said } = await run(join(environment, 'bin/openapi-python-client'), generate);
  // It leaves out what it cannot make code of, and says so.
  expect(said).not.toMatch(/parsing|unsupported|WARNING .*(?:GET|PUT|POST|PATCH|DELETE)/i);
  await run(python, ['-m', 'compileall', '-q', client]);
  const use = [join(import.meta.dirname, 'use-client.py'), server.url, apiKey];
  const { stdout } = await run(python, use, { env: { ...process.env, PYTHONPATH: folder.path } });
  expect(JSON.parse(stdout)).toEqual({ texts: ['Good morning'], title: 'Ward 7', refused: 'not_found' });
}, 120_000);
