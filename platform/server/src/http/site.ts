// Serves a built site, such as the playground, below a path: the files that were there when it was built, and
// no others. Builds nothing.

import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { BelfryError, notFound } from '@belfry/protocol';
import sirv, { type Options, type RequestHandler } from 'sirv';
import type { HttpContext, Middleware } from './context.ts';

export interface SiteOptions {
  /** Without a slash at its end. */
  path: string;
  /** The built files; beside a file may lie `.br` and `.gz`, which are sent to clients that take them. */
  dir: string;
  /** The content security policy of its pages. */
  policy: string;
}

/** Vite, SvelteKit and the bundler of the SDK put a hash of the content into the names of these. */
const hashedName = /^(?:_app\/immutable\/.+|(?:assets|chunks)\/.+-[\w-]{8})\.\w+$/;

export class Site {
  readonly #options: SiteOptions;
  /** Of one build: the next one puts another folder in the place of its folder. */
  #files: { folder: string; serve: RequestHandler } | undefined;

  constructor(options: SiteOptions) {
    this.#options = options;
  }

  /** Takes what is below the path; leaves everything else to the next. */
  readonly serve: Middleware = async (ctx, next) => {
    const { path } = this.#options;
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
    const files = await this.#open();
    if (files === undefined) sayUnbuilt(ctx);
    else await this.#give(ctx, files);
  };

  /** Looked for anew with each request: a site may be built, or built again, while the server runs. */
  async #open(): Promise<RequestHandler | undefined> {
    const found = await stat(this.#options.dir).catch(() => undefined);
    if (found === undefined) return undefined;
    const folder = `${found.ino} ${found.mtimeMs}`;
    if (this.#files?.folder !== folder) {
      const serve = sirv(this.#options.dir, { etag: true, brotli: true, gzip: true, extensions: ['html'], setHeaders });
      this.#files = { folder, serve };
    }
    return this.#files.serve;
  }

  async #give(ctx: HttpContext, serve: RequestHandler): Promise<void> {
    const { path, policy } = this.#options;
    const name = ctx.path.slice(path.length + 1) || 'index.html';
    // Before the file is looked for, so that a 304 has them too: a browser takes the headers of a 304 over
    // into what it kept.
    ctx.set({
      'Content-Security-Policy': policy,
      'Cache-Control': hashedName.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    ctx.type = extname(name);
    if (!(await isServed(ctx, { name, serve }))) throw notFound('file');
    ctx.respond = false;
  }
}

/**
 * sirv would replace `Vary: Origin`, and a shared cache would then give one origin's answer to the pages of
 * another.
 */
const setHeaders: NonNullable<Options['setHeaders']> = (response) => {
  response.setHeader('Vary', 'Origin, Accept-Encoding');
};

/**
 * Resolves when the answer is sent or broken off; false when there is no such file, and then nothing was
 * sent.
 */
function isServed(ctx: HttpContext, file: { name: string; serve: RequestHandler }): Promise<boolean> {
  const { req, res } = ctx;
  // A server may always answer with the whole. sirv takes `bytes=-5` for the first six bytes, and throws at
  // `bytes=5-2` after the head is sent.
  delete req.headers.range;
  req.url = `/${file.name}`;
  // Nobody listens to the stream that sirv opens: a file that a new build has just taken away would end the
  // process.
  res.once('pipe', (content) => content.once('error', () => res.destroy()));
  return new Promise((resolve) => {
    res.once('close', () => resolve(true));
    file.serve(req, res, () => resolve(false));
  });
}

function sayUnbuilt(ctx: HttpContext): void {
  ctx.status = 503;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = 'This page has not been built. Run `npm run build` in the folder of the server, then load it again.\n';
}
