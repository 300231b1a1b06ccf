// Proves that an app outside of this repository gets types: with the package as npm would install it, and its
// own compiler options.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp, root, slowMs, type App } from './packed.ts';

let app: App;

beforeAll(async () => {
  // Alone: it has no dependencies, so nothing is asked of the registry.
  app = await createApp();
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: false, target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'] },
    ...{ module: 'esnext', moduleResolution: 'bundler', types: [] },
  };
  app.write({ 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['*.ts'] }) });
}, slowMs);

afterAll(() => app.remove());

/** Line and code of each error, in order. */
async function errorsOf(source: string): Promise<string[]> {
  app.write({ 'main.ts': source });
  const output = await app
    .run(process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')
    .catch((error: unknown) => String(error));
  return Array.from(output.matchAll(/^(.*)\((\d+),\d+\): error (TS\d+)/gm), ([, file, line, code]) =>
    [file, line, code].join(' '),
  );
}

test('the package brings neither a dependency nor a file that names one', () => {
  const installed = join(app.folder, 'node_modules');
  expect(readdirSync(installed).filter((name) => !name.startsWith('.'))).toEqual(['@belfry']);
  expect(readdirSync(join(installed, '@belfry'))).toEqual(['client']);
  const manifest = JSON.parse(readFileSync(join(installed, '@belfry/client/package.json'), 'utf8')) as object;
  expect(manifest).not.toHaveProperty('dependencies');
  expect(JSON.stringify(manifest)).not.toMatch(/source|devDependencies/);
  for (const file of readdirSync(join(installed, '@belfry/client'), { recursive: true, encoding: 'utf8' })) {
    if (!/[.](js|d[.]ts)$/.test(file) || file.endsWith('belfry.global.js')) continue;
    const text = readFileSync(join(installed, '@belfry/client', file), 'utf8');
    expect(text, file).not.toMatch(/from ["'](?!\.|react|svelte)|from ["']\.[^"']*(?<![.]js)["']/);
  }
});

test(
  'events have the data of their action, kinds of the app too, and a name that nobody declared is an error',
  async () => {
    const errors = await errorsOf(`
      import { createBelfry, type Conversation, type Message, type ServerEvent, type Upload } from '@belfry/client';
      import { createChat } from '@belfry/client/chat';
      import { enablePush } from '@belfry/client/push';
      declare module '@belfry/client' {
        interface BelfryEvents { lab_result: { patientId: string; value: number } }
      }
      const belfry = createBelfry({ app: 'demo', getToken: () => null });
      belfry.on('new_message', (event) => event.data.content['text']);
      belfry.on('typing_status', ({ data }) => data.isTyping === true);
      belfry.on('lab_result', ({ action, data, seq }) => [action satisfies 'lab_result', data.value.toFixed(seq)]);
      belfry.on('announcement', ({ seq, data }: ServerEvent) => console.log(seq?.toFixed(), data['title']));
      belfry.on('*', (event) => event.action.length);
      export const status: string = belfry.snapshot().status;
      export const chat = createChat(belfry);
      export const pushed = enablePush(belfry);
      export const read: Promise<{ seq: number }> = belfry.command('read', { conversationId: 'c1', seq: 1 });
      export const names = (message: Message, conversation: Conversation, upload: Upload) =>
        [message.messageId, conversation.participants[0]?.userId, upload.uploadId];
      belfry.on('new_mesage', () => undefined);
      belfry.on('lab_result', ({ data }) => data.patient);
      belfry.on('new_message', ({ data }) => data.seen);
      belfry.command('reed', {});
      export const wrong: number = belfry.snapshot().status;
      createBelfry({ app: 1, getToken: () => null });
    `);
    expect(errors).toEqual([
      'main.ts 20 TS2345',
      'main.ts 21 TS2551',
      'main.ts 22 TS2339',
      'main.ts 23 TS2345',
      'main.ts 24 TS2322',
      'main.ts 25 TS2322',
    ]);
  },
  slowMs,
);
