// The bare address: a visitor finds the way to what this node has. What is there is not its business.

import type { Middleware } from './context.ts';

/** `paths` by what is there. */
export function front(paths: Readonly<Record<string, string>>): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/' || ctx.method !== 'GET') {
      await next();
      return;
    }
    ctx.state.route = '/';
    ctx.body = { name: 'belfry', ...paths };
  };
}
