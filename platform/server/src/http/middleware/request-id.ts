// Gives each request an id, or takes the one it brings. Putting it into errors and log lines: errors.ts,
// log.ts.

import { uuidv7 } from 'uuidv7';
import type { Middleware } from '../context.ts';

// It goes into log lines and an answer's header: what could forge either is not taken.
const acceptable = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestId(): Middleware {
  return async (ctx, next) => {
    const given = ctx.get('X-Request-Id');
    ctx.state.requestId = acceptable.test(given) ? given : uuidv7();
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
  };
}
