// A TypeScript client that a generator makes of the OpenAPI document compiles under the strictest settings
// and works.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@hey-api/openapi-ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publicApiDocument } from '../../src/http/doors/public/openapi.ts';
import { apiKey } from '../support/provision.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

/** Written as an app would: what it does with names and types is what is tested. */
const program = `
import { createClient } from './client/index.js';
import { getConversation, listMessages, putConversation, sendMessage } from './sdk.gen.js';
import type { Conversation, Message, Problem } from './types.gen.js';

export async function use(baseUrl: string, auth: string): Promise<{ texts: unknown[]; title?: string; refused?: string }> {
  const client = createClient({ baseUrl, auth });
  await putConversation({
    client, path: { id: 'ward-7' }, body: { title: 'Ward 7', participants: [{ userId: 'ann' }] }, throwOnError: true,
  });
  await sendMessage({
    client, path: { id: 'ward-7' },
    body: { senderId: 'ann', type: 'text', content: { text: 'Good morning' } }, throwOnError: true,
  });
  const { data } = await listMessages({ client, path: { id: 'ward-7' }, throwOnError: true });
  const messages: Message[] = data.messages;
  const found = await getConversation({ client, path: { id: 'ward-7' }, throwOnError: true });
  const conversation: Conversation = found.data.conversation;
  const { error } = await getConversation({ client, path: { id: 'nope' } });
  const problem: Problem | undefined = error;
  return { texts: messages.map(({ content }) => content?.['text']), title: conversation.title, refused: problem?.code };
}
`;

const options = {
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'es2023',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  lib: ['es2023', 'dom', 'dom.iterable'],
  types: [],
  rootDir: 'client',
  outDir: 'built',
};

let server: WholeServer;
let folder: TemporaryFolder;
beforeAll(async () => {
  server = await startWholeServer();
  folder = createTemporaryFolder();
});
afterAll(async () => {
  folder.remove();
  await server.stop();
});

test('a generated client compiles, names calls and things as the document does, and works', async () => {
  const { path } = folder;
  const document = join(path, 'openapi.json');
  writeFileSync(document, JSON.stringify(publicApiDocument()));
  await createClient({
    input: document,
    output: { path: join(path, 'client'), module: { extension: '.js' } },
    plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
    logs: { level: 'silent', file: false },
  });
  writeFileSync(join(path, 'package.json'), '{"type":"module"}');
  writeFileSync(join(path, 'client/use.ts'), program);
  writeFileSync(join(path, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['client'] }));
  const compiler = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', path]).catch((error: unknown) =>
    Promise.reject(new Error(JSON.stringify(error), { cause: error })),
  );
  expect(stdout).toBe('');
  const built: unknown = await import(pathToFileURL(join(path, 'built/use.js')).href);
  const { use } = built as { use: (baseUrl: string, auth: string) => Promise<unknown> };
  expect(await use(server.url, apiKey)).toEqual({ texts: ['Good morning'], title: 'Ward 7', refused: 'not_found' });
}, 60_000);
