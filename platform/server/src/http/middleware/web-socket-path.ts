// Answers plain requests to the WebSocket's path, which the gateway never sees: it takes upgrades only.

import { BelfryError } from '@belfry/protocol';
import type { Middleware } from '../context.ts';

const webSocketPath = '/ws';

/**
 * 426 for a GET without an upgrade, 405 for any other method, as the gateway answers upgrades that are not
 * right.
 */
export function webSocketPathOnly(): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== webSocketPath) {
      await next();
      return;
    }
    ctx.state.route = webSocketPath;
    if (ctx.method !== 'GET') {
      ctx.set('Allow', 'GET');
      throw new BelfryError('method_not_allowed');
    }
    const error = new BelfryError('bad_request', { message: 'This path is for WebSockets.', path: [] });
    ctx.status = 426;
    ctx.set({ Upgrade: 'websocket', Connection: 'close', 'Cache-Control': 'no-store' });
    ctx.body = JSON.stringify({ ...error.toProblem(ctx.state.requestId), status: 426 });
    ctx.type = 'application/problem+json';
  };
}
