// A fresh app of Next (App Router, Turbopack) that installed the SDK's tarball: type-checked and built, rendered
// on the server without an address and without a connection; in the browser it connects, but on /login.
// `npm run test:packages` runs it: it takes minutes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../../scripts/launch-chromium.ts';
import { freePort } from '../../../server/test/support/free-port.ts';
import { startWholeServer, type WholeServer } from '../../../server/test/support/whole-server.ts';
import { createApp, followSockets, slowMs, type App } from './packed.ts';

const files = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{ strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'] },
      ...{
        module: 'esnext',
        moduleResolution: 'bundler',
        jsx: 'react-jsx',
        esModuleInterop: true,
        isolatedModules: true,
      },
      ...{ resolveJsonModule: true, allowJs: true, incremental: true, plugins: [{ name: 'next' }] },
    },
    include: ['next-env.d.ts', '**/*.ts', '**/*.tsx', '.next/types/**/*.ts'],
    exclude: ['node_modules'],
  }),
  'next.config.mjs': 'export default { reactStrictMode: true };\n',
  // Without url where the page is rendered: the browser alone knows it.
  'app/belfry.ts': `
    import { createBelfry } from '@belfry/client';
    const given = new URLSearchParams(typeof location === 'undefined' ? '' : location.search);
    const url = given.get('url');
    export const belfry = createBelfry({
      app: 'demo', ...(url === null ? {} : { url }), getToken: () => given.get('token'),
    });
  `,
  'app/provider.tsx': `
    'use client';
    import { BelfryProvider, useWebSocketByPage, WebSocketStatus } from '@belfry/client/react';
    import type { ReactNode } from 'react';
    import { belfry } from './belfry';
    function Status() {
      const { connectionStatus } = useWebSocketByPage();
      return <p id="status">{connectionStatus}</p>;
    }
    export function Provider({ children }: { children: ReactNode }) {
      return <BelfryProvider belfry={belfry}><WebSocketStatus /><Status />{children}</BelfryProvider>;
    }
  `,
  // The package's own entry in a component of the server: its 'use client' makes the border.
  'app/layout.tsx': `
    import type { ReactNode } from 'react';
    import { Provider } from './provider';
    export default function Layout({ children }: { children: ReactNode }) {
      return <html lang="en"><body><Provider>{children}</Provider></body></html>;
    }
  `,
  'app/team/page.tsx': `
    import { WebSocketStatus } from '@belfry/client/react';
    export default function Page() { return <main>team <WebSocketStatus compact /></main>; }
  `,
  'app/login/page.tsx': 'export default function Page() { return <main>login</main>; }\n',
};

let app: App;
let server: WholeServer;
let browser: Browser;

beforeAll(async () => {
  app = await createApp({
    ...{ next: '^16', react: '^19', 'react-dom': '^19', typescript: '^6' },
    ...{ '@types/react': '^19', '@types/react-dom': '^19', '@types/node': '^24' },
  });
  app.write(files);
  server = await startWholeServer();
  const policy = { requireAuth: true, autoConnect: true, connectionType: 'chat', features: ['messaging'] };
  await server.api('PUT', '/pages', { pattern: '/team', enabled: true, ...policy });
  await server.api('PUT', '/pages', { pattern: '/login', enabled: false, ...policy });
  browser = await launchChromium();
}, slowMs);

afterAll(async () => {
  await browser.close();
  await server.stop();
  app.remove();
});

/** `next start`, until it answers. */
async function serve(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const args = ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', String(port)];
  const child = spawn(process.execPath, args, { cwd: app.folder, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${url}/login`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(200);
  return {
    url,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

test(
  'it is built and rendered on the server without a connection, connects once, and not on /login',
  async () => {
    await app.run(process.execPath, 'node_modules/next/dist/bin/next', 'build');
    const site = await serve();
    const page = await browser.newPage();
    try {
      expect(await (await fetch(`${site.url}/team`)).text()).toContain('<p id="status">closed</p>');
      const sockets = followSockets(page, server.url);
      const given = new URLSearchParams({ url: server.url, token: await server.tokenOf('alice') }).toString();
      await page.goto(`${site.url}/login?${given}`);
      await page.waitForFunction(() => document.querySelector('#status')?.textContent === 'disabled');
      expect(sockets.made()).toBe(0);
      await page.goto(`${site.url}/team?${given}`);
      await page.waitForFunction(() => document.querySelector('#status')?.textContent === 'connected');
      expect([sockets.made(), sockets.open()]).toEqual([1, 1]);
    } finally {
      await page.close();
      await site.stop();
    }
  },
  slowMs,
);
