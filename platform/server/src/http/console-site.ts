// Serves the built console: its files, and its one page for every address below `/console` that is no file, so
// that each screen can be opened by its address. What the page may ask the server is the admin door's.

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { HttpContext, Middleware } from './context.ts';
import { Site } from './site.ts';

const consolePath = '/console';

export interface ConsoleSiteOptions {
  dir: string;
  /** Where clients reach the server, where that is known; it may have a path that a proxy puts in front. */
  publicUrl?: string | undefined;
}

interface Page {
  /** Of the file that it was made from. */
  version: string;
  html: string;
  policy: string;
}

export class ConsoleSite {
  readonly #index: string;
  readonly #files: Site;
  /** The path that a proxy puts in front of everything; mostly empty. */
  readonly #before: string;
  #page: Page | undefined;

  constructor({ dir, publicUrl }: ConsoleSiteOptions) {
    this.#index = join(dir, 'index.html');
    this.#files = new Site({ path: consolePath, dir, policy: "default-src 'none'" });
    this.#before = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
  }

  /** Takes what is below `/console`; leaves everything else to the next. */
  readonly serve: Middleware = async (ctx, next) => {
    const page = isScreen(ctx) ? await this.#read() : undefined;
    if (page === undefined) {
      await this.#files.serve(ctx, next);
      return;
    }
    ctx.state.route = consolePath;
    ctx.set({
      'Content-Security-Policy': page.policy,
      'Cache-Control': 'no-cache',
      'Permissions-Policy': permissions,
      ETag: `"${page.version}"`,
    });
    ctx.type = 'html';
    ctx.body = page.html;
    if (ctx.fresh) ctx.status = 304;
  };

  /** Looked for anew with each request: the console may be built again while the server runs. */
  async #read(): Promise<Page | undefined> {
    const found = await stat(this.#index).catch(() => undefined);
    if (found === undefined) return undefined;
    const version = `${found.ino}-${found.mtimeMs}`;
    if (this.#page?.version !== version) {
      const built = await readFile(this.#index, 'utf8');
      // All addresses of the page stand in it; the scripts find each other from where they are.
      const html = built.replaceAll(`"${consolePath}`, `"${this.#before}${consolePath}`);
      this.#page = { version, html, policy: policyOf(html) };
    }
    return this.#page;
  }
}

/** Files of the build have an extension or lie in the folder of the build; addresses of screens do neither. */
function isScreen({ method, path }: HttpContext): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (!path.startsWith(`${consolePath}/`)) return false;
  if (path === `${consolePath}/index.html`) return true;
  return !path.startsWith(`${consolePath}/_app/`) && !isFile.test(extname(path));
}

/** An app's key or a page of a list may hold a dot; only these are files in the console's folder. */
const isFile = /^\.(?:js|css|svg|json|png|ico|map|br|gz|txt|webmanifest)$/;

const permissions = [
  'clipboard-write=(self)',
  ...['camera', 'clipboard-read', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'].map(
    (name) => `${name}=()`,
  ),
].join(', ');

/**
 * Two styles of attributes: SvelteKit's announcer of routes and the palette's hidden label. A test in a browser
 * fails for each that is added.
 */
const knownStyles = [
  'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=',
  'sha256-iaOezIDcQIoxCULa6FBKKuLUu09R7kG+Mlu+JVfU3Rw=',
];

/** Only the script that the build wrote into the page may run there. */
function policyOf(html: string): string {
  const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    "style-src 'self'",
    `style-src-attr 'unsafe-hashes' ${knownStyles.map((hash) => `'${hash}'`).join(' ')}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; ');
}
