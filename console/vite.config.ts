// How the console is built: a static page below /console, which the server serves. `npm run dev` serves it
// with hot reload and hands the calls of the server on to it.
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import tailwindcss from '@tailwindcss/vite';
import { defaultClientConditions, defineConfig } from 'vite';
import { texts } from './texts.ts';

/** Where `npm run dev` has its server. */
const server = process.env['BELFRY_SERVER'] ?? 'http://127.0.0.1:8000';
/** Where a build is written to; scripts/browser-build.ts gives a folder of its own. */
const outDir = process.env['CONSOLE_OUT'] ?? 'dist';

/** Texts of one screen or its like begin with its name, and are where it is. */
const ofScreens = ['see', 'set', 'msg', 'kind', 'send', 'talk', 'audit', 'reason', 'why', 'feature', 'token', 'field'];
/** Of these, and all that they import, the shell is made: SvelteKit's client, and what stands around every screen. */
const shell =
  /@sveltejs[/]kit[/]src[/]runtime[/]client[/]client-entry\.js$|client-optimized[/](?:app|nodes[/][012])\.js$/;
/** Says below which path the page lies, which the client asks as soon as it is loaded: so it is in no file with it. */
const told = /@sveltejs[/]kit[/]src[/]runtime[/]client[/]payload\.js$|vite[/]preload-helper/;
/**
 * On a slow line it is the number of files that counts: each has a head, larger than a picture or a text, and waits for
 * its turn. So the shell is one file, and small things that screens share are in few.
 */
const groups = [
  { name: 'told', test: told, priority: 3 },
  { name: 'icons', test: /node_modules[/]@lucide/, priority: 2 },
  {
    ...{ name: 'texts', minShareCount: 2, priority: 2 },
    test: new RegExp(`/messages/(?!(?:${ofScreens.join('|')})_)`),
  },
  { name: 'shell', test: shell, priority: 1 },
];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    tailwindcss(),
    paraglideVitePlugin(texts),
    sveltekit({
      adapter: adapter({ pages: outDir, assets: outDir, fallback: 'index.html', strict: false }),
      paths: { base: '/console' },
      version: { pollInterval: 60_000 },
      outDir: '.svelte-kit',
    }),
  ],
  resolve: { conditions: ['@belfry/source', ...defaultClientConditions] },
  // The page is never made on the server, but Kit runs its own half of it once while it builds; the package of
  // that name in the root is another version.
  ssr: { noExternal: ['cookie'] },
  build: {
    // Data URLs in the page would need a wider content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  // Of what browsers load alone: Kit runs the other half in Node.
  environments: { client: { build: { rolldownOptions: { output: { codeSplitting: { groups } } } } } },
  server: {
    proxy: Object.fromEntries(
      ['/admin', '/api', '/hooks', '/playground', '/sdk', '/ws'].map((path) => [
        path,
        { target: server, ws: path === '/ws' },
      ]),
    ),
  },
});
