// Reads a body as the bytes that came, for signatures over them. Parsing it, and JSON that nobody signed
// (json-body.ts), are not here.

import { BelfryError } from '@belfry/protocol';
import type { HttpContext } from '../context.ts';

/**
 * Throws `too_large`, `unsupported_media_type` also for a body that is packed (it would be signed as
 * something else than it is), `bad_request`.
 */
export async function readRawBody(ctx: HttpContext, maxBytes: number): Promise<Buffer> {
  if (Number(ctx.get('Content-Length')) > maxBytes) throw new BelfryError('too_large');
  if (ctx.is('application/json') === false || isPacked(ctx)) {
    const message = 'Send the webhook as `Content-Type: application/json`, without `Content-Encoding`.';
    throw new BelfryError('unsupported_media_type', { message });
  }
  return await readBytes(ctx, maxBytes);
}

/** Of any type. Throws as readRawBody, but for the type. */
export async function readAnyBody(ctx: HttpContext, maxBytes: number): Promise<Buffer> {
  if (Number(ctx.get('Content-Length')) > maxBytes) throw new BelfryError('too_large');
  if (isPacked(ctx)) {
    throw new BelfryError('unsupported_media_type', { message: 'Send the body without `Content-Encoding`.' });
  }
  return await readBytes(ctx, maxBytes);
}

function isPacked(ctx: HttpContext): boolean {
  const encoding = ctx.get('Content-Encoding');
  return encoding !== '' && encoding !== 'identity';
}

async function readBytes(ctx: HttpContext, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new BelfryError('bad_request', { message: 'The body could not be read.', cause });
  }
  if (bytes > maxBytes) throw new BelfryError('too_large');
  return Buffer.concat(chunks);
}
