// `/receipts/{app}/{provider}/{key}`: takes what the services of providers report, and answers as they want.
// Reading it is the provider's; what becomes of it is notifications/receipts.

import type { ReceiptRequest } from '@belfry/plugin-kit';
import { BelfryError, notFound } from '@belfry/protocol';
import type { ReceiptBook } from '../../../notifications/receipts/receipt-book.ts';
import type { PluginHost } from '../../../plugins/plugin-host.ts';
import type { ReceiptLinks } from '../../../plugins/receipt-links.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import type { Rates } from '../../../ports/rates.ts';
import type { Apps } from '../../../tenancy/apps.ts';
import type { ClientAddress } from '../../client-address.ts';
import type { HttpContext, Middleware } from '../../context.ts';
import { createTurns } from '../../middleware/rate-limit.ts';
import { readAnyBody } from '../../middleware/raw-body.ts';

const receiptPath = /^\/receipts\/([^/]{1,200})\/([^/]{1,400})\/([\w-]{1,100})$/;
/** A service reports each push once or twice, and some of them one in a request. */
const requestsPerMinute = 60_000;

export interface ReceiptDoorDeps {
  links: Pick<ReceiptLinks, 'isGenuine'>;
  apps: Pick<Apps, 'find'>;
  plugins: Pick<PluginHost, 'provider'>;
  receipts: Pick<ReceiptBook, 'take'>;
  rates: Pick<Rates, 'take'>;
  clientAddress: ClientAddress;
  metrics: Pick<Metrics, 'count'>;
  limits: { httpBodyBytes: number; requestsPerMinute: number };
}

/**
 * The key is looked at first, and asks no store: without it nobody learns which apps and providers there are. A
 * provider that went, or that has no receipts, is as little there as one that never was.
 */
export function createReceiptDoor(deps: ReceiptDoorDeps): Middleware {
  const { links, apps, plugins, receipts, metrics, limits } = deps;
  const turns = createTurns('/receipts', deps);

  return async (ctx, next) => {
    const [, app = '', providerText = '', key = ''] = receiptPath.exec(ctx.path) ?? [];
    const provider = decoded(providerText);
    if (key === '') {
      await next();
      return;
    }
    ctx.state.route = '/receipts/{app}/{provider}/{key}';
    if (provider === undefined || !links.isGenuine({ app, provider, key })) {
      await turns.takeAddress(ctx);
      throw notFound('path');
    }
    if (ctx.method !== 'POST' && ctx.method !== 'GET') {
      ctx.set('Allow', 'GET, POST');
      throw new BelfryError('method_not_allowed');
    }
    await turns.take(`${app} ${provider}`, requestsPerMinute);
    const body = ctx.method === 'GET' ? Buffer.alloc(0) : await readAnyBody(ctx, limits.httpBodyBytes);
    const record = await apps.find(app);
    const handle = record === undefined ? undefined : await plugins.provider(record.app, provider);
    if (record === undefined || handle?.readReceipts === undefined) throw notFound('path');
    const read = await handle.readReceipts(requestOf(ctx, body));
    if ('refused' in read) {
      metrics.count('push_receipts_total', [handle.plugin, 'refused']);
      // The service reports again, and does not take its address for one that is wrong.
      if (read.isFailure === true) throw new BelfryError('unavailable');
      throw new BelfryError('unauthorized', { message: 'The provider does not take it for a receipt of its service.' });
    }
    await receipts.take(record.app, { provider, plugin: handle.plugin }, read.receipts);
    const { status = 204, body: text = '' } = read.answer ?? {};
    ctx.status = status;
    ctx.set('Cache-Control', 'no-store');
    if (text === '') return;
    ctx.body = text;
    ctx.type = /^\s*[[{]/.test(text) ? 'application/json' : 'text/plain';
  };
}

function requestOf(ctx: HttpContext, body: Uint8Array): ReceiptRequest {
  return { method: ctx.method, headers: lastOfEach(ctx.headers), query: lastOfEach(ctx.query), body };
}

/** Names come from outside: an object that inherits nothing. */
function lastOfEach(
  given: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(given).map(([name, value]) => [name, [value ?? ''].flat().at(-1) ?? '']);
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Record<string, string>;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
