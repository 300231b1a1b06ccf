// `POST /hooks/{hookId}`: reads a webhook as raw bytes and answers its sender. Identifying and carrying it
// out: hooks/.

import { signedHeaders } from '@belfry/plugin-kit';
import { BelfryError } from '@belfry/protocol';
import type { Inbound } from '../../../hooks/inbound.ts';
import type { VerifyWebhook } from '../../../hooks/intake.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import type { Rates } from '../../../ports/rates.ts';
import type { ClientAddress } from '../../client-address.ts';
import type { Middleware } from '../../context.ts';
import { createTurns } from '../../middleware/rate-limit.ts';
import { readRawBody } from '../../middleware/raw-body.ts';

const hookPath = /^\/hooks\/([^/]+)$/;

/**
 * It shares the steps of door.ts but not their order: a sender is identified by a signature over the body, so
 * the body is read first, within its bounds. Everything that is wrong with the sender is one and the same
 * 401. Size and type are refused before, since they are the same for any hook; what is in the body after,
 * since only a sender may learn of it.
 */
export function createHookDoor(deps: {
  verify: VerifyWebhook;
  inbound: Pick<Inbound, 'accept'>;
  rates: Pick<Rates, 'take'>;
  clientAddress: ClientAddress;
  metrics: Pick<Metrics, 'count'>;
  limits: { httpBodyBytes: number; requestsPerMinute: number };
}): Middleware {
  const { verify, inbound, metrics, limits } = deps;
  const turns = createTurns('/hooks', deps);

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
    const body = await readRawBody(ctx, limits.httpBodyBytes);
    const webhook = await verify({ hookId, signed: signedHeaders((name) => ctx.get(name)), body });
    if (webhook === undefined) {
      metrics.count('hook_deliveries_total', ['unauthorized']);
      // Guessing is bounded as it is everywhere.
      await turns.takeAddress(ctx);
      // The same for all: nobody learns which webhooks there are.
      const message = 'The signature is missing, wrong or too old, or there is no such webhook.';
      throw new BelfryError('unauthorized', { message });
    }
    await turns.take(`${webhook.app} hook:${hookId}`, webhook.record.limits.requestsPerMinute);
    ctx.body = await inbound.accept(webhook);
    ctx.status = 202;
    ctx.set('Cache-Control', 'no-store');
  };
}
