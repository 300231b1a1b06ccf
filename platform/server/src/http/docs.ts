// Serves the OpenAPI document of the public API and a page to read and try it on, from this server alone.
// Making it: openapi.ts. The page: docs-page.ts.

import { readFile } from 'node:fs/promises';
import Router from '@koa/router';
import type { HttpContext, HttpState, Middleware } from './context.ts';
import { docsPage, docsStart, docsStyle } from './docs-page.ts';
import { publicApiDocument } from './doors/public/openapi.ts';
import { errorIndexPage, errorPage, errorPageStyle } from './error-pages.ts';
import { routed } from './routed.ts';

const types: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/**
 * The page of the docs may load these. Its library sets styles on elements and draws icons from data URLs.
 */
export const docsPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

export function createDocs(): Middleware {
  const router = new Router<HttpState>({ strict: true });
  // Made when first asked for: it takes some milliseconds, and most nodes are never asked.
  let document: string | undefined;

  router.get('/openapi.json', (ctx) => {
    ctx.state.route = '/openapi.json';
    document ??= JSON.stringify(publicApiDocument());
    ctx.type = 'application/json';
    ctx.body = document;
  });
  // The files are named relative to `/docs/`, so that a proxy may put all of it below a path.
  router.get('/docs', (ctx) => {
    ctx.state.route = '/docs';
    ctx.redirect('docs/');
  });
  router.get('/docs/', (ctx) => give(ctx, '/docs', { type: 'html', text: docsPage }));
  router.get('/docs/start.js', (ctx) => give(ctx, '/docs', { type: 'javascript', text: docsStart }));
  router.get('/docs/page.css', (ctx) => give(ctx, '/docs', { type: 'css', text: docsStyle }));
  // As links in errors: a redirect keeps what is relative on the page right.
  router.get('/docs/errors', (ctx) => {
    ctx.state.route = '/docs/errors';
    ctx.redirect('errors/');
  });
  router.get('/docs/errors/', (ctx) => give(ctx, '/docs/errors', { type: 'html', text: errorIndexPage() }));
  router.get('/docs/errors/:code', (ctx) => {
    const text = errorPage(ctx.params['code'] ?? '');
    if (text !== undefined) give(ctx, '/docs/errors', { type: 'html', text });
  });
  router.get('/docs/errors.css', (ctx) => give(ctx, '/docs/errors', { type: 'css', text: errorPageStyle }));
  router.get('/docs/:file', async (ctx) => {
    ctx.state.route = '/docs';
    const { file = '' } = ctx.params;
    const type = Object.hasOwn(types, file) ? types[file] : undefined;
    // Only these names, so nothing of the request becomes part of a path.
    if (type === undefined) return;
    ctx.type = type;
    ctx.set('Cache-Control', 'public, max-age=3600');
    ctx.body = await readFile(new URL(file, import.meta.resolve('swagger-ui-dist/package.json')));
  });
  return routed(router);
}

function give(
  ctx: HttpContext,
  route: string,
  { type, text }: { type: 'html' | 'css' | 'javascript'; text: string },
): void {
  ctx.state.route = route;
  ctx.type = `text/${type}; charset=utf-8`;
  ctx.body = text;
}
