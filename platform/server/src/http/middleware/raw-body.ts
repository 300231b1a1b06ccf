// Reads a JSON body as the bytes that came, for signatures over them. Parsing it, and JSON that nobody signed
// (json-body.ts), are not here.

import { BelfryError } from '@belfry/protocol';
import type { HttpContext } from '../context.ts';

/**
 * Throws `too_large`, `unsupported_media_type` also for a body that is packed (it would be signed as
 * something else than it is), `bad_request`.
 */
export async function readRawBody(ctx: HttpContext, maxBytes: number): Promise<Buffer> {
  if (Number(ctx.get('Content-Length')) > maxBytes) throw new BelfryError('too_large');
  const encoding = ctx.get('Content-Encoding');
  if (ctx.is('application/json') === false || (encoding !== '' && encoding !== 'identity')) {
    const message = 'Send the webhook as `Content-Type: application/json`, without `Content-Encoding`.';
    throw new BelfryError('unsupported_media_type', { message });
  }
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
