// A fresh app of Vite, React and TypeScript that installed the SDK's tarball: checked, built, and run in a
// browser in strict mode; and served while it is developed, where a changed module leaves no socket behind.
import { appendFileSync } from 'node:fs';
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
      ...{ module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx', types: ['vite/client'] },
    },
    include: ['src'],
  }),
  'vite.config.ts':
    "import react from '@vitejs/plugin-react';\nexport default { plugins: [react()], logLevel: 'warn' };\n",
  'index.html': '<!doctype html><div id="root"></div><script type="module" src="/src/main.tsx"></script>',
  'src/belfry.ts': `
    import { createBelfry } from '@belfry/client';
    declare module '@belfry/client' {
      interface BelfryEvents { lab_result: { value: number } }
    }
    const given = new URLSearchParams(location.search);
    export const belfry = createBelfry({
      app: 'demo', page: '/team', url: given.get('url') ?? '', getToken: () => given.get('token'),
    });
    belfry.on('lab_result', ({ data }) => data.value.toFixed(1));
  `,
  'src/app.tsx': `
    import { BelfryProvider, useConversation, useWebSocketByPage, WebSocketStatus } from '@belfry/client/react';
    import { belfry } from './belfry';
    function Page() {
      const { connectionStatus } = useWebSocketByPage();
      const { messages } = useConversation('c1');
      return <p id="status">{connectionStatus} {messages.length}</p>;
    }
    export function App() {
      return <BelfryProvider belfry={belfry}><WebSocketStatus /><Page /></BelfryProvider>;
    }
  `,
  'src/main.tsx': `
    import { StrictMode } from 'react';
    import { createRoot } from 'react-dom/client';
    import { App } from './app';
    createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);
  `,
};

let app: App;
let server: WholeServer;
let browser: Browser;
let vite: typeof viteModule;

beforeAll(async () => {
  app = await createApp({
    ...{ react: '^19', 'react-dom': '^19', '@types/react': '^19', '@types/react-dom': '^19' },
    ...{ vite: '^8', '@vitejs/plugin-react': '^6', typescript: '^6' },
  });
  app.write(files);
  vite = (await import(
    pathToFileURL(join(app.folder, 'node_modules/vite/dist/node/index.js')).href
  )) as typeof viteModule;
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

const addressOf = async (site: string): Promise<string> =>
  `${site}?${new URLSearchParams({ url: server.url, token: await server.tokenOf('alice') }).toString()}`;

test(
  'it compiles under strict TypeScript without skipLibCheck, is built, and connects once in strict mode',
  async () => {
    await app.run(process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.');
    await vite.build({ root: app.folder, configFile: join(app.folder, 'vite.config.ts') });
    const site = await vite.preview({ root: app.folder, preview: { port: 0, host: '127.0.0.1' } });
    const page = await browser.newPage();
    try {
      const sockets = followSockets(page, server.url);
      await page.goto(await addressOf(site.resolvedUrls?.local[0] ?? ''));
      await page.waitForFunction(() => document.querySelector('#status')?.textContent.startsWith('connected'));
      await page.waitForFunction(() => document.querySelector('belfry-status')?.shadowRoot !== null);
      expect([sockets.made(), sockets.open()]).toEqual([1, 1]);
    } finally {
      await page.close();
      await site.close();
    }
  },
  slowMs,
);

test(
  'a module that is loaded anew while it is developed leaves one socket',
  async () => {
    const configFile = join(app.folder, 'vite.config.ts');
    const site = await vite.createServer({ root: app.folder, configFile, server: { port: 0, host: '127.0.0.1' } });
    const page = await browser.newPage();
    try {
      await site.listen();
      const sockets = followSockets(page, server.url);
      await page.goto(await addressOf(site.resolvedUrls?.local[0] ?? ''));
      await page.waitForFunction(() => document.querySelector('#status')?.textContent.startsWith('connected'));
      // Vite may have loaded the page again, for what it has just bundled.
      await page.evaluate(() => Object.assign(globalThis, { isFirst: true }));
      const before = sockets.made();
      appendFileSync(join(app.folder, 'src/belfry.ts'), '// changed\n');
      await expect.poll(() => sockets.made(), { timeout: 60_000 }).toBeGreaterThan(before);
      await expect.poll(() => sockets.open(), { timeout: 60_000 }).toBe(1);
      expect(await page.evaluate(() => 'isFirst' in globalThis)).toBe(true);
    } finally {
      await page.close();
      await site.close();
    }
  },
  slowMs,
);
