// `POST /hooks/{hookId}`: reads a webhook as raw bytes and answers its sender. Whose it is and what becomes of it: hooks/.

import { BelfryError } from '@belfry/protocol';
import type { Inbound } from '../../../hooks/inbound.ts';
import type { VerifyWebhook } from '../../../hooks/intake.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import type { ClientAddress } from '../../client-address.ts';
import type { HttpContext, Middleware } from '../../context.ts';
import { createRateLimit } from '../../middleware/rate-limit.ts';

const hookPath = /^\/hooks\/([^/]+)$/;

/**
 * Everything that is wrong with who sent it is one and the same 401. Size and type are judged before, since they are the same for any hook; what is in it
 * after, since only who may send it is told.
 */
export function createHookIntake(deps: {
  verify: VerifyWebhook;
  inbound: Pick<Inbound, 'accept'>;
  clientAddress: ClientAddress;
  metrics: Pick<Metrics, 'count'>;
  limits: { httpBodyBytes: number; requestsPerMinute: number };
}): Middleware {
  const { verify, inbound, clientAddress, metrics, limits } = deps;
  const rateLimit = createRateLimit();

  return async (ctx, next) => {
    const hookId = hookPath.exec(ctx.path)?.[1];
    if (hookId === undefined) {
      await next();
      return;
    }
    ctx.state.route = '/hooks/{hookId}';
    if (ctx.method !== 'POST') {
      ctx.set('Allow', 'POST');
      throw new BelfryError('method_not_allowed');
    }
    const body = await readRaw(ctx, limits.httpBodyBytes);
    const signed = {
      id: ctx.get('webhook-id'),
      timestamp: ctx.get('webhook-timestamp'),
      signatures: ctx.get('webhook-signature'),
    };
    const webhook = await verify({ hookId, signed, body });
    if (webhook === undefined) {
      metrics.count('hook_deliveries_total', ['unauthorized']);
      // Guessing is bounded as it is everywhere.
      await rateLimit.take(`address ${clientAddress(ctx.req)}`, limits.requestsPerMinute);
      throw new BelfryError('unauthorized');
    }
    await rateLimit.take(`${webhook.app} hook:${hookId}`, webhook.record.limits.requestsPerMinute);
    ctx.body = await inbound.accept(webhook);
    ctx.status = 202;
    ctx.set('Cache-Control', 'no-store');
  };
}

/** The bytes as they came: a body that is packed would be signed as something else than it is. */
async function readRaw(ctx: HttpContext, maxBytes: number): Promise<Buffer> {
  if (Number(ctx.get('Content-Length')) > maxBytes) throw new BelfryError('too_large');
  const encoding = ctx.get('Content-Encoding');
  if (ctx.is('application/json') === false || (encoding !== '' && encoding !== 'identity')) {
    throw new BelfryError('unsupported_media_type');
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
