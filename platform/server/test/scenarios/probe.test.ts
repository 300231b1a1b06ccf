// `belfry probe` at a whole server: a message is sent and its journey read, and what fails is said.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { freePort } from '../support/free-port.ts';
import { apiKey, provisionFile } from '../support/provision.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const readOnlyKey = 'bk_reader_0123456789abcdef0123456789abcdef';
const apiKeys = [
  { id: 'reader', secret: readOnlyKey, scopes: ['messages:read'] },
  { id: 'backend', secret: apiKey, scopes: ['*'] },
];
const folder = createTemporaryFolder();
let server: WholeServer;

beforeAll(async () => {
  server = await startWholeServer({ app: { apiKeys } });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

async function probe(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const surroundings = { out: (text: string) => (said.out += text), err: (text: string) => (said.err += text) };
  return { code: await runProgram(['probe', '--url', server.url, ...args], surroundings as never), ...said };
}

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

test('a message is sent, and what its journey says of the user is printed', async () => {
  const { code, out, err } = await probe('--key-file', file('key', `${apiKey}\n`));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const [, id = ''] =
    /^(\S+): accepted after \d+ ms, in its journey after \d+ ms: no_connection, no_device$/.exec(out) ?? [];
  const { body } = await server.api('GET', `/messages/${id}/journey`);
  expect(body).toMatchObject({ message: { kind: 'system_notification' }, recipients: [{ userId: 'belfry-probe' }] });
});

test('without a file the first key of the provision file that may do both is taken', async () => {
  vi.stubEnv('PROVISION_FILE', file('provision.yaml', provisionFile({ app: { apiKeys } })));
  expect(await probe('--user', 'ann')).toMatchObject({ code: 0, err: '' });
});

test.each([
  ['no key at hand', [], 78, '--key-file: is needed where PROVISION_FILE is not set'],
  ['a file that is not there', ['--key-file', join(folder.path, 'nowhere')], 78, 'ENOENT'],
  ['a key that may not send', ['--key-file', file('reader', readOnlyKey)], 1, 'forbidden: '],
  ['a key of nobody', ['--key-file', file('nobody', 'bk_x_0123456789abcdef0123456789abcdef')], 1, 'unauthorized: '],
])('%s ends with its code and the reason', async (_name, args, code, words) => {
  expect(await probe(...args)).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
});

test('a server that does not answer ends with 1 and its address', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, err } = await probe('--key-file', file('key', apiKey), '--url', url);
  expect([code, err]).toEqual([1, expect.stringContaining(`${url} does not answer`)]);
});
