// Gives files out under their links. Making links, and deciding what one is worth, is the uploads
// capability's.

import Router from '@koa/router';
import { appKeySchema, BelfryError, notFound, uuidSchema } from '@belfry/protocol';
import * as z from 'zod';
import type { Apps } from '../tenancy/apps.ts';
import type { ServedFile, Uploads } from '../uploads/uploads.ts';
import { parseRange } from './byte-range.ts';
import type { HttpContext, HttpState, Middleware } from './context.ts';
import { isNamed } from './etag.ts';
import { contentTypeOf } from '../uploads/file-types.ts';
import { routed } from './routed.ts';

/** As `file-links.ts` writes them; anything else was not made there. */
const linkSchema = z.object({
  id: uuidSchema,
  app: appKeySchema,
  expires: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
  signature: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});

/**
 * For a browser to go to the store again without asking here. The credentials of a machine are taken anew
 * five minutes before their end, so what it remembers still opens.
 */
const redirectCacheMs = 240_000;

/** A browser that opens a file runs nothing of it, whatever it holds, and takes it for nobody's page. */
const policy = "default-src 'none'; sandbox; frame-ancestors 'none'";

export function createFiles(services: { apps: Pick<Apps, 'find'>; uploads: Pick<Uploads, 'serve'> }): Middleware {
  const router = new Router<HttpState>();
  router.get('/files/:id', async (ctx) => {
    ctx.state.route = '/files/{id}';
    await give(ctx, await open(ctx, ctx.params['id']));
  });
  return routed(router);

  async function open(ctx: HttpContext, id: unknown): Promise<ServedFile> {
    const link = linkSchema.safeParse({ ...ctx.query, id });
    const record = link.success ? await services.apps.find(link.data.app) : undefined;
    if (!link.success || record === undefined) throw new BelfryError('forbidden');
    if (record.disabled) throw new BelfryError('page_disabled');
    return await services.uploads.serve({ ...link.data, app: record.app });
  }
}

async function give(ctx: HttpContext, file: ServedFile): Promise<void> {
  const etag = `"${file.digest}"`;
  // The address of the store is good for GET alone.
  if (file.link !== undefined && ctx.method === 'GET' && !isNamed(etag, ctx)) {
    await redirect(ctx, file, file.link);
    return;
  }
  ctx.attachment(file.name, { type: file.isInline ? 'inline' : 'attachment' });
  ctx.set({
    'Content-Type': contentTypeOf(file.type),
    'Content-Security-Policy': policy,
    // The link is the right to it: pages of the app, on whatever host, may show it.
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Content-Type-Options': 'nosniff',
    'Accept-Ranges': 'bytes',
    'Cache-Control': `private, max-age=${Math.floor(file.goodForMs / 1000)}`,
    ETag: etag,
  });
  // Compressed, a part would be a part of something else.
  ctx.compress = false;
  if (isNamed(etag, ctx)) {
    ctx.status = 304;
    return;
  }
  const condition = ctx.get('If-Range');
  const asked = condition === '' || condition === etag ? parseRange(ctx.get('Range'), file.bytes) : 'whole';
  if (asked === 'unsatisfiable') {
    ctx.status = 416;
    ctx.set('Content-Range', `bytes */${file.bytes}`);
    ctx.body = '';
    return;
  }
  const range = asked === 'whole' ? undefined : asked;
  ctx.status = range === undefined ? 200 : 206;
  // Koa closes the stream when the client goes; for a HEAD nobody would.
  if (ctx.method !== 'HEAD') {
    const content = await file.read(range);
    if (content === undefined) throw notFound('file');
    const type = ctx.response.get('Content-Type');
    ctx.body = content;
    ctx.set('Content-Type', type);
  }
  if (range !== undefined) ctx.set('Content-Range', `bytes ${range.from}-${range.to}/${file.bytes}`);
  ctx.length = range === undefined ? file.bytes : range.to - range.from + 1;
}

/** Ranges and conditions are the store's: the client sends them again. */
async function redirect(ctx: HttpContext, file: ServedFile, link: NonNullable<ServedFile['link']>): Promise<void> {
  ctx.attachment(file.name, { type: file.isInline ? 'inline' : 'attachment' });
  const address = await link({
    contentType: contentTypeOf(file.type),
    contentDisposition: ctx.response.get('Content-Disposition'),
  });
  ctx.remove('Content-Disposition');
  ctx.set({
    Location: address,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': `private, max-age=${Math.floor(Math.min(file.goodForMs, redirectCacheMs) / 1000)}`,
  });
  ctx.body = '';
  ctx.status = 302;
}
