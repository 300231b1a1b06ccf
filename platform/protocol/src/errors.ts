// The error that everything expected to go wrong is thrown as, and its forms on the wire. The list of codes:
// error-table.ts.
import { errorTable, isErrorCode, type ErrorCode, type Retry } from './error-table.ts';

/** An error as it stands in an answer frame. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retry: Retry;
  afterMs?: number;
  path?: (string | number)[];
}

/** An error as an HTTP response body, RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  path?: (string | number)[];
  requestId: string;
  afterMs?: number;
  /** What a caller needs to go on, beside these: RFC 9457 lets a problem have members of its own. */
  [detail: string]: unknown;
}

/** The `afterMs` of `retry: 'after'` where the thrower had no better number. */
export const defaultAfterMs = 1000;

interface BelfryErrorOptions {
  /** For people; shown to the sender of the request, so it must not hold secrets and need not echo input. */
  message?: string | undefined;
  /** Leads to the offending part of the request. */
  path?: readonly PropertyKey[] | undefined;
  afterMs?: number | undefined;
  /** Further members of the HTTP answer, such as the role that is needed. */
  details?: Readonly<Record<string, unknown>> | undefined;
  /** For the log only; never leaves the server. */
  cause?: unknown;
}

/**
 * An expected failure that knows its own wire form. Everything else that is thrown is answered as `internal`.
 */
export class BelfryError extends Error {
  readonly code: ErrorCode;
  readonly path?: (string | number)[];
  readonly afterMs?: number;
  readonly details?: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, options: BelfryErrorOptions = {}) {
    const row = errorTable[code];
    super(options.message ?? row.title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BelfryError';
    this.code = code;
    if (options.path !== undefined) {
      this.path = options.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    }
    if (options.details !== undefined) this.details = options.details;
    const afterMs = options.afterMs ?? (row.retry === 'after' ? defaultAfterMs : undefined);
    if (afterMs !== undefined) this.afterMs = afterMs;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      retry: errorTable[this.code].retry,
      ...(this.afterMs === undefined ? {} : { afterMs: this.afterMs }),
      ...(this.path === undefined ? {} : { path: this.path }),
    };
  }

  /** `address`: of the server, where the page of the error is; left out, the link is relative to it. */
  toProblem(requestId: string, address = ''): Problem {
    const { title, status } = errorTable[this.code];
    return {
      ...this.details,
      type: `${address}${errorPagePath(this.code)}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      ...(this.path === undefined ? {} : { path: this.path }),
      requestId,
      ...(this.afterMs === undefined ? {} : { afterMs: this.afterMs }),
    };
  }
}

/** The page about an error or a close code, at the server itself. */
export function errorPagePath(code: ErrorCode | number): string {
  return `/docs/errors/${code}`;
}

/** The things that a request can name and that may not be there. */
export type NamedThing =
  | 'API key'
  | 'account'
  | 'app'
  | 'audit entry'
  | 'connection'
  | 'conversation'
  | 'dead letter'
  | 'device'
  | 'erasure'
  | 'file'
  | 'invitation'
  | 'job'
  | 'kind'
  | 'link'
  | 'member'
  | 'message'
  | 'message type'
  | 'page policy'
  | 'participant'
  | 'path'
  | 'provider'
  | 'reaction'
  | 'session'
  | 'signing secret'
  | 'stream'
  | 'tenant'
  | 'upload'
  | 'user'
  | 'version of this page policy'
  | 'view'
  | 'webhook'
  | 'webhook delivery'
  | 'webhook event';

/**
 * `not_found` that says what was looked for. It is the same for a thing that is not there, is another app's,
 * or may not be seen by the caller, so say the thing that the request named, and never the one that was in
 * the way.
 */
export function notFound(thing: NamedThing, path?: readonly PropertyKey[]): BelfryError {
  return new BelfryError('not_found', { message: `There is no such ${thing}, or the caller may not see it.`, path });
}

/**
 * Also true for an error of another copy of this package, as a plugin with its own node_modules may throw
 * one.
 */
export function isBelfryError(value: unknown): value is BelfryError {
  if (value instanceof BelfryError) return true;
  return value instanceof Error && value.name === 'BelfryError' && 'code' in value && isErrorCode(value.code);
}
