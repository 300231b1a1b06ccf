// From a payload to a broadcast request by a hook's mapping, or to the reason why not. Carrying it out:
// inbound.ts.

import {
  BelfryError,
  checkJson,
  fromZodError,
  hookRequestSchema,
  inWords,
  type BroadcastRequest,
} from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { Mapper } from './mapping/mapper.ts';

/**
 * Throws `bad_request` for a payload that is not the JSON it should be, `mapping_failed` with the reason, and
 * with the path into what the mapping made; and what the mapper throws.
 */
export type MapPayload = (app: AppId, input: { mapping: string; payload: string }) => Promise<BroadcastRequest>;

export function createMapPayload(deps: {
  mapper: Pick<Mapper, 'map'>;
  limits: { jsonDepth: number };
  /** Where a text stops being JSON. */
  jsonErrorPosition: (text: string) => number;
}): MapPayload {
  const { mapper, limits, jsonErrorPosition } = deps;
  const maxDepth = limits.jsonDepth;

  return async (app, { mapping, payload }) => {
    const read = parse(payload);
    const problem = checkJson(read.value, { maxDepth });
    if (problem !== undefined) throw problem;
    const mapped = await mapper.map(app, {
      mapping,
      payload: read.hasLongIntegers ? JSON.stringify(read.value) : payload,
    });
    if (!mapped.ok) throw new BelfryError('mapping_failed', { message: mapped.reason });
    const misshapen = checkJson(mapped.value, { maxDepth });
    if (misshapen !== undefined) throw asMappingFailure(misshapen);
    const parsed = hookRequestSchema.safeParse(mapped.value, inWords);
    if (!parsed.success) throw fromZodError(parsed.error, { code: 'mapping_failed' });
    return parsed.data;
  };

  function parse(text: string): { value: unknown; hasLongIntegers: boolean } {
    try {
      if (!longDigits.test(text)) return { value: JSON.parse(text), hasLongIntegers: false };
      let hasLongIntegers = false;
      const value: unknown = JSON.parse(text, (_key, member: unknown, context?: { source?: string }) => {
        const source = context?.source;
        if (source === undefined || !isLongInteger(member, source)) return member;
        hasLongIntegers = true;
        return source;
      });
      return { value, hasLongIntegers };
    } catch (cause) {
      const message = `The body is not JSON: position ${jsonErrorPosition(text)}.`;
      throw new BelfryError('bad_request', { message, cause });
    }
  }
}

/** So long that it may be no safe integer; where there is none, the text is read the quick way. */
const longDigits = /\d{16}/;

/**
 * An id of some systems, such as a snowflake. As a number it would be another one: the mapping gets its digits
 * as text.
 */
function isLongInteger(value: unknown, source: string): boolean {
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source);
}

/** The error for the sender of a webhook whose request was refused with `error`. */
export function asMappingFailure(error: BelfryError): BelfryError {
  const { code, message, path } = error;
  return new BelfryError('mapping_failed', { message: `${message} (${code})`, path, cause: error });
}
