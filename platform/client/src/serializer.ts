// Frames as text, both ways. The server's are checked just enough not to trip over them; the protocol's
// schemas check them whole, and a browser need not load those.
import type { JsonObject, ServerEvent } from '@belfry/protocol';
import type { CommandFailure } from './types.ts';

/** An event, or the answer to a command: `data`, or `error`. */
export interface IncomingFrame {
  /** Of the command. An error of a frame without one has none. */
  id?: number | undefined;
  data?: JsonObject;
  error?: CommandFailure;
  event?: ServerEvent;
}

/** Of one frame, by the protocol; the server closes with 1009 above it. */
const maxFrameBytes = 64 * 1024;

export function encodeFrame(action: string, data: unknown, id?: number): string {
  return JSON.stringify({ id, action, data });
}

export function isTooLarge(text: string): boolean {
  return new TextEncoder().encode(text).length > maxFrameBytes;
}

/** Undefined for what is no frame of ours: a newer server may say more than we know. */
export function decodeFrame(text: unknown): IncomingFrame | undefined {
  const frame = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isObject(frame)) return undefined;
  const { id, ok, action, data, error, stream, seq } = frame;
  if (ok === true && typeof id === 'number' && isObject(data)) return { id, data };
  if (ok === false && isObject(error))
    return { id: typeof id === 'number' ? id : undefined, error: readFailure(error) };
  const isPlaced = typeof stream === 'string' ? seq === undefined || typeof seq === 'number' : stream === undefined;
  if (typeof action !== 'string' || !isObject(data) || !isPlaced) return undefined;
  return { event: frame as unknown as ServerEvent };
}

/**
 * A failure as the server, or whatever stands before it, described it; with all that a `CommandFailure` must
 * have.
 */
export function readFailure(said: JsonObject): CommandFailure {
  const { code, message, retry, afterMs, path } = said;
  return {
    code: typeof code === 'string' ? code : 'internal',
    message: typeof message === 'string' ? message : '',
    retry: retry === 'same' || retry === 'after' ? retry : 'never',
    ...(typeof afterMs === 'number' ? { afterMs } : {}),
    ...(Array.isArray(path) ? { path: path as (string | number)[] } : {}),
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
