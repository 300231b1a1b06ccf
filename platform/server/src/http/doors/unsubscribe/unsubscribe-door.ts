// `/unsubscribe/{token}`: a POST ends the notifications of a device (RFC 8058), and a GET shows a page that asks
// first, as programs look at the addresses in mails. What it ends is notifications/unsubscribing.ts.

import { BelfryError, notFound } from '@belfry/protocol';
import type { Unsubscribing } from '../../../notifications/unsubscribing.ts';
import type { Rates } from '../../../ports/rates.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { ClientAddress } from '../../client-address.ts';
import type { Middleware } from '../../context.ts';
import { createTurns } from '../../middleware/rate-limit.ts';
import { readAnyBody } from '../../middleware/raw-body.ts';

const unsubscribePath = /^\/unsubscribe\/([\w-]{20,2048})$/;
/** Mail programs post one field. */
const mostBytes = 4096;

const texts = {
  en: { ask: 'Stop these notifications?', button: 'Stop them', done: 'You get no more of these notifications.' },
  zh: { ask: '停止接收此类通知？', button: '停止接收', done: '您将不再收到此类通知。' },
} as const;

export interface UnsubscribeDoorDeps {
  unsubscribing: Pick<Unsubscribing, 'read' | 'end'>;
  apps: Pick<Apps, 'find'>;
  rates: Pick<Rates, 'take'>;
  clientAddress: ClientAddress;
  limits: { requestsPerMinute: number };
}

/** The answer is the same whether the device is there or not. */
export function createUnsubscribeDoor(deps: UnsubscribeDoorDeps): Middleware {
  const { unsubscribing, apps } = deps;
  const turns = createTurns('/unsubscribe', deps);

  return async (ctx, next) => {
    const token = unsubscribePath.exec(ctx.path)?.[1];
    if (token === undefined) {
      await next();
      return;
    }
    ctx.state.route = '/unsubscribe/{token}';
    await turns.takeAddress(ctx);
    const read = unsubscribing.read(token);
    const record = read === undefined ? undefined : await apps.find(read.app);
    if (read === undefined || record === undefined) throw notFound('path');
    if (ctx.method !== 'POST' && ctx.method !== 'GET') {
      ctx.set('Allow', 'GET, POST');
      throw new BelfryError('method_not_allowed');
    }
    const language = ctx.acceptsLanguages('en', 'zh') === 'zh' ? 'zh' : 'en';
    if (ctx.method === 'POST') {
      await readAnyBody(ctx, mostBytes);
      await unsubscribing.end(record.app, read.device);
    }
    ctx.status = 200;
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.type = 'html';
    ctx.body = pageOf(language, ctx.method === 'POST' ? 'done' : 'ask');
  };
}

/** Of our own words alone: nothing in it comes from outside. */
function pageOf(language: keyof typeof texts, what: 'ask' | 'done'): string {
  const { ask, button, done } = texts[language];
  const form = `<form method="post"><p>${ask}</p><button>${button}</button></form>`;
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${ask}</title></head>`,
    `<body><main>${what === 'ask' ? form : `<p role="status">${done}</p>`}</main></body></html>`,
  ].join('');
}
