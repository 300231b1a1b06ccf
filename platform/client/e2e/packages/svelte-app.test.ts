// A fresh app of Vite, Svelte 5 and TypeScript that installed the SDK's tarball: checked, built, and run in a
// browser, where `<belfry-status>` is drawn without being imported.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright';
import type * as viteModule from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../scripts/launch-chromium.ts';
import { startWholeServer, type WholeServer } from '../../../server/test/support/whole-server.ts';
import { createApp, followSockets, slowMs, type App } from '../../test/packages/packed.ts';

const files = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{ strict: true, noEmit: true, skipLibCheck: false, target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'] },
      ...{ module: 'esnext', moduleResolution: 'bundler', verbatimModuleSyntax: true, types: ['svelte'] },
    },
    include: ['src'],
  }),
  'vite.config.js':
    "import { svelte } from '@sveltejs/vite-plugin-svelte';\nexport default { plugins: [svelte()], logLevel: 'warn' };\n",
  'index.html': '<!doctype html><div id="root"></div><script type="module" src="/src/main.ts"></script>',
  'src/belfry.ts': `
    import { createBelfry } from '@belfry/client';
    const given = new URLSearchParams(location.search);
    export const belfry = createBelfry({
      app: 'demo', page: '/team', url: given.get('url') ?? '', getToken: () => given.get('token'),
    });
  `,
  'src/app.svelte': `
    <script lang="ts">
      import { provideBelfry, useConversation, useWebSocketByPage } from '@belfry/client/svelte';
      import { belfry } from './belfry';
      provideBelfry(belfry);
      const page = useWebSocketByPage();
      const thread = useConversation('c1');
    </script>
    <belfry-status {belfry} compact></belfry-status>
    <p id="status">{page.connectionStatus} {thread.current.messages.length}</p>
  `,
  'src/main.ts': `
    import { mount } from 'svelte';
    import App from './app.svelte';
    mount(App, { target: document.getElementById('root')! });
  `,
};

let app: App;
let server: WholeServer;
let browser: Browser;

beforeAll(async () => {
  app = await createApp({
    ...{ svelte: '^5', '@sveltejs/vite-plugin-svelte': '^7', vite: '^8' },
    ...{ 'svelte-check': '^4', typescript: '^6' },
  });
  app.write(files);
  server = await startWholeServer();
  const policy = { enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat' };
  await server.api('PUT', '/pages', { pattern: '/team', ...policy, features: ['messaging'] });
  browser = await launchChromium();
}, slowMs);

afterAll(async () => {
  await browser.close();
  await server.stop();
  app.remove();
});

test(
  'it passes svelte-check, is built, connects once, and draws the status element',
  async () => {
    await app.run(process.execPath, 'node_modules/svelte-check/bin/svelte-check', '--fail-on-warnings');
    const vite = (await import(
      pathToFileURL(join(app.folder, 'node_modules/vite/dist/node/index.js')).href
    )) as typeof viteModule;
    await vite.build({ root: app.folder, configFile: join(app.folder, 'vite.config.js') });
    const site = await vite.preview({ root: app.folder, preview: { port: 0, host: '127.0.0.1' } });
    const page = await browser.newPage();
    try {
      const sockets = followSockets(page, server.url);
      const given = new URLSearchParams({ url: server.url, token: await server.tokenOf('alice') });
      await page.goto(`${site.resolvedUrls?.local[0] ?? ''}?${given.toString()}`);
      await page.waitForFunction(() => document.querySelector('#status')?.textContent.startsWith('connected'));
      expect(await page.locator('belfry-status').getAttribute('status')).toBe('connected');
      expect(await page.evaluate(() => document.querySelector('belfry-status')?.shadowRoot !== null)).toBe(true);
      expect([sockets.made(), sockets.open()]).toEqual([1, 1]);
    } finally {
      await page.close();
      await site.close();
    }
  },
  slowMs,
);
