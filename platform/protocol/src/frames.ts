// Reads and writes WebSocket frames: their envelope and what JSON is acceptable at all. What a command's data
// must be: commands.ts.
import { BelfryError, isBelfryError } from './errors.ts';
import type { ServerEvent } from './events.ts';
import type { JsonObject } from './ids.ts';

export interface Frame {
  /** The client's own counter; given when it wants an answer. */
  id?: number;
  action: string;
  data: JsonObject;
}

/** `id` is there when it could be read, so that the error reaches whoever waits for it. */
export type ParsedFrame = { ok: true; frame: Frame } | { ok: false; error: BelfryError; id?: number };

export interface JsonLimits {
  /** Levels of objects and arrays, the outermost being the first. */
  maxDepth?: number;
}

/** Deeper than any message we know of, and shallow enough for every store and JSON library behind us. */
export const defaultMaxDepth = 32;

/** Reads one text frame. Never throws; the length of the text is bounded by the gateway (64 KiB). */
export function parseFrame(text: string, limits?: JsonLimits): ParsedFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { ok: false, error: new BelfryError('bad_request', { message: 'The frame is not JSON.', path: [], cause }) };
  }
  if (!isJsonObject(value)) return { ok: false, error: refuse('The frame is not a JSON object.', []) };
  const { id, action, data } = value;
  if (id !== undefined && !isFrameId(id)) {
    return { ok: false, error: refuse('The id is not an integer from 0 to 2^53 - 1.', ['id']) };
  }
  const withId = id === undefined ? {} : { id };
  const error = checkJson(value, limits);
  if (error !== undefined) return { ok: false, error, ...withId };
  if (typeof action !== 'string')
    return { ok: false, error: refuse('The action is not a string.', ['action']), ...withId };
  if (data !== undefined && !isJsonObject(data)) {
    return { ok: false, error: refuse('The data is not an object.', ['data']), ...withId };
  }
  return { ok: true, frame: { ...withId, action, data: data ?? {} } };
}

/**
 * The bounds of every JSON value from outside, frame or HTTP body: at most 32 levels, finite numbers,
 * integers that survive a round trip, and none of the keys that mean something to JavaScript. Undefined when
 * it does.
 */
export function checkJson(value: unknown, limits?: JsonLimits): BelfryError | undefined {
  const problem = findProblem(value, limits?.maxDepth ?? defaultMaxDepth);
  return problem === undefined ? undefined : refuse(problem.message, problem.path.toReversed());
}

export function answerFrame(id: number, data: unknown): string {
  return JSON.stringify({ id, ok: true, data });
}

/**
 * An error frame for a frame whose id could not be read has none. Anything but a BelfryError is answered as
 * `internal`.
 */
export function errorFrame(id: number | undefined, error: unknown): string {
  const known = isBelfryError(error) ? error : new BelfryError('internal', { cause: error });
  return JSON.stringify({ ...(id === undefined ? {} : { id }), ok: false, error: known.toWire() });
}

/**
 * An event as a text frame. Field order is fixed, so that two nodes make the same bytes of the same event.
 */
export function encodeEvent(event: ServerEvent): string {
  const { action, conversationId, topic, stream, epoch, seq, timestamp, data } = event;
  return JSON.stringify({ action, conversationId, topic, stream, epoch, seq, timestamp, data });
}

interface JsonProblem {
  message: string;
  /** Innermost first; built while the walk returns, so that a good frame pays nothing for it. */
  path: (string | number)[];
}

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

// Recursive, and yet safe on any input: it goes no deeper than `levels`. JSON.parse before it keeps its own
// stack off the native one in V8, and throws instead of crashing elsewhere.
function findProblem(value: unknown, levels: number): JsonProblem | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return { message: 'A number is out of range.', path: [] };
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      return {
        message: 'An integer is beyond 2^53 - 1 and would be changed by reading it; send it as a string.',
        path: [],
      };
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return { message: 'The JSON is nested too deeply.', path: [] };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const problem = findProblem(value[index], levels - 1);
      if (problem !== undefined) return within(problem, index);
    }
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  // By key, because Object.entries would make a list per field of every frame there is.
  for (const key of Object.keys(value)) {
    if (forbiddenKeys.has(key)) return { message: 'A key is not allowed.', path: [key] };
    const problem = findProblem(value[key], levels - 1);
    if (problem !== undefined) return within(problem, key);
  }
  return undefined;
}

function within(problem: JsonProblem, key: string | number): JsonProblem {
  problem.path.push(key);
  return problem;
}

function refuse(message: string, path: (string | number)[]): BelfryError {
  return new BelfryError('bad_request', { message, path });
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFrameId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
