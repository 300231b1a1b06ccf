// A router as one middleware: its routes, and the refusal of methods that a path of it does not have. What is
// answered is its routes' business.

import type Router from '@koa/router';
import type { HttpState, Middleware } from './context.ts';

export function routed(router: Router<HttpState>): Middleware {
  const [routes, methods] = [router.routes(), router.allowedMethods()];
  return async (ctx, next) => {
    // The types ask for what the router adds to the context by itself.
    await routes(ctx as Parameters<typeof routes>[0], async () => {
      await methods(ctx as Parameters<typeof methods>[0], next);
    });
  };
}
