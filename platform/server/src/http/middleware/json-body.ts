// Reads a JSON body within its bounds. Whether it is what the route wants: route.ts.

import { bodyParser } from '@koa/bodyparser';
import { BelfryError, checkJson } from '@belfry/protocol';
import type { HttpContext, Middleware } from '../context.ts';
import { jsonErrorPosition } from '../json-position.ts';

export interface JsonBody {
  /** Undefined when there was no body. */
  value: unknown;
  /** As it came; empty when there was none. */
  text: string;
}

export type ReadJsonBody = (ctx: HttpContext) => Promise<JsonBody>;

/**
 * Throws `too_large`, `unsupported_media_type`, and `bad_request` with the place where the text stops being
 * JSON.
 */
export function createReadJsonBody(limits: { httpBodyBytes: number; jsonDepth: number }): ReadJsonBody {
  // Read as text: parsed here, an error can say where, and keys such as `__proto__` are refused with their
  // path.
  const read: Middleware = bodyParser({
    parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    enableTypes: ['text'],
    extendTypes: { text: ['application/json'] },
    textLimit: limits.httpBodyBytes,
    onError: (error) => {
      throw refusalOf(error);
    },
  });

  return async (ctx) => {
    // Null: there is no body at all, so its type does not matter.
    const type = ctx.request.length === 0 ? null : ctx.is('application/json');
    if (type === null) return { value: undefined, text: '' };
    // JSON is UTF-8 (RFC 8259, 8.1); read as that, text in anything else would be changed without a word.
    const isUtf8 = /^(?:utf-?8)?$/i.test(ctx.request.charset);
    if (type === false || !isUtf8) throw wrongType(ctx.get('Content-Type'));
    await read(ctx, async () => undefined);
    const text: unknown = ctx.request.body;
    if (typeof text !== 'string' || text === '') return { value: undefined, text: '' };
    const value = parse(text);
    const problem = checkJson(value, { maxDepth: limits.jsonDepth });
    if (problem !== undefined) throw problem;
    return { value, text };
  };
}

function wrongType(given: string): BelfryError {
  const said = given === '' ? 'The Content-Type header is missing' : 'The Content-Type is not accepted';
  return new BelfryError('unsupported_media_type', {
    message: `${said}: send the body as JSON in UTF-8, with \`Content-Type: application/json\`.`,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `The body is not JSON: position ${jsonErrorPosition(text)}.`;
    throw new BelfryError('bad_request', { message, cause });
  }
}

/**
 * By status: the reader's errors carry one, 400 where the body broke off or was not what its encoding says.
 */
function refusalOf(cause: Error): BelfryError {
  const status = 'status' in cause ? cause.status : 400;
  if (status === 413) return new BelfryError('too_large', { cause });
  if (status === 415) return new BelfryError('unsupported_media_type', { cause });
  return new BelfryError('bad_request', { message: 'The body could not be read.', cause });
}
