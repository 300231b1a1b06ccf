// Serves a built site, such as the playground, below a path: files that were there when it was first asked for, and no others. Builds nothing.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { BelfryError } from '@belfry/protocol';
import type { HttpContext, Middleware } from './context.ts';

export interface Site {
  /** Takes what is below the path; leaves everything else to the next. */
  serve: Middleware;
  /** Whether it has been built. */
  isThere: () => Promise<boolean>;
}

export interface SiteOptions {
  /** Without a slash at its end. */
  path: string;
  /** The built files, with an `index.html`. */
  dir: string;
  /** The content security policy of its pages. */
  policy: string;
}

interface SiteFile {
  type: string;
  body: Buffer;
  etag: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** Vite puts a hash of what is in them into their names. */
const hashedName = /^assets\/.+-[\w-]{8}\.\w+$/;

/** Kept in memory: a site is some hundred kilobytes, and nothing of a request becomes part of a path. */
export function createSite({ path, dir, policy }: SiteOptions): Site {
  let files: Promise<ReadonlyMap<string, SiteFile>> | undefined;

  /** Empty until it is built, and then looked for again. */
  async function load(): Promise<ReadonlyMap<string, SiteFile>> {
    files ??= readSite(dir);
    const found = await files;
    if (found.size === 0) files = undefined;
    return found;
  }

  return {
    isThere: async () => (await load()).has('index.html'),
    async serve(ctx, next) {
      if (ctx.path !== path && !ctx.path.startsWith(`${path}/`)) {
        await next();
        return;
      }
      ctx.state.route = path;
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
        ctx.set('Allow', 'GET, HEAD');
        throw new BelfryError('method_not_allowed');
      }
      if (ctx.path === path) {
        // Relative, so that a proxy may put all of it below a path.
        ctx.redirect(`${path.split('/').at(-1) ?? ''}/`);
        return;
      }
      const found = await load();
      if (found.size === 0) {
        sayUnbuilt(ctx);
        return;
      }
      const name = ctx.path.slice(path.length + 1) || 'index.html';
      const file = found.get(name);
      if (file === undefined) throw new BelfryError('not_found');
      ctx.set({
        'Content-Security-Policy': policy,
        'Cache-Control': hashedName.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ETag: file.etag,
      });
      ctx.type = file.type;
      ctx.body = file.body;
      ctx.status = 200;
      if (ctx.fresh) ctx.status = 304;
    },
  };
}

async function readSite(dir: string): Promise<ReadonlyMap<string, SiteFile>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  // What begins with a dot is the builder's own.
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  return new Map(await Promise.all(files.map(({ parentPath, name }) => readOne(dir, join(parentPath, name)))));
}

async function readOne(dir: string, file: string): Promise<[string, SiteFile]> {
  const body = await readFile(file);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const type = types[extname(file)] ?? 'application/octet-stream';
  return [relative(dir, file).split(sep).join('/'), { type, body, etag }];
}

function sayUnbuilt(ctx: HttpContext): void {
  ctx.status = 503;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = 'This page has not been built. Run `npm run build` in the folder of the server, then load it again.\n';
}
