// Refuses request lines that nobody needs: too long, or with characters that only trick whoever reads the
// path next.

import { BelfryError, notFound } from '@belfry/protocol';
import type { Middleware } from '../context.ts';

export function url(limits: { httpQueryBytes: number }): Middleware {
  return async (ctx, next) => {
    if (ctx.url.length > limits.httpQueryBytes) {
      throw new BelfryError('bad_request', { message: `The URL is longer than ${limits.httpQueryBytes} bytes.` });
    }
    if (ctx.path.includes('%00')) throw notFound('path');
    await next();
  };
}
