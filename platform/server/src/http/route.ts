// One row of a door's table: the router, the checks, the OpenAPI document and the tests over all routes are
// made from it. Rows are in doors/.

import { type BelfryError, fromZodError, inWords, notFound, type ErrorCode, type NamedThing } from '@belfry/protocol';
import * as z from 'zod';
import type { ReceiveForm } from './middleware/file-form.ts';

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** The result of a handler; the door turns it into a response. Without a body it is empty. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** A request as the door read it, before anything in it was validated. */
export interface RawRequest<C> {
  caller: C | undefined;
  params: unknown;
  query: unknown;
  body: unknown;
  form: ReadForm;
  address: string;
}

/**
 * Reads the request as a form with one file; see middleware/file-form.ts. Called by handlers of routes with a
 * `form`, once.
 */
export type ReadForm = <T>(receive: ReceiveForm<T>) => Promise<T>;

/** The input of a handler: everything in it is validated. */
export interface RouteInput<P, Q, B, C> {
  caller: C;
  params: P;
  query: Q;
  body: B;
  /** Under the same `Idempotency-Key` the same in every try; undefined without the header. */
  token: string | undefined;
  form: ReadForm;
  /** Where the caller reaches this server, without a slash at the end. */
  address: string;
}

/**
 * A request that a reader can send as it stands. It fills the document's "Try it out", and a test sends it to
 * a server. Parameters of the path are those of the schemas unless given here; of a query, only what is given
 * here is filled in.
 */
export interface RouteExample {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | number>>;
  body?: unknown;
}

export interface Described {
  /**
   * A verb and its object, as generated clients name the call: `sendMessage`. Every row has one; a test
   * looks.
   */
  operationId?: string;
  method: Method;
  /** Below the prefix of the door, parameters as `{id}`. */
  path: string;
  tag: string;
  summary: string;
  /** Whatever a caller must know beyond the summary. */
  description?: string;
  /** Every row with a body has one; a test looks. */
  example?: RouteExample;
  /** Its answers when all is well, by status. */
  answers: Readonly<Record<number, { description: string; schema?: z.ZodType }>>;
  /** Errors of its own, beside those that every route of its sort may answer. */
  errors?: readonly ErrorCode[];
  /**
   * A write that does no harm when done twice and whose answer must not be kept: its `Idempotency-Key` is
   * ignored.
   */
  repeatable?: true;
  /**
   * The fields of a form with a file, for the document; the handler reads it with `form`. Instead of `body`.
   */
  form?: z.ZodObject;
}

/** Which callers a route takes. */
export interface Access {
  /** Requests are let in that do not say who they come from. */
  isOpen: boolean;
  /** The document's security schemes; each is enough by itself. */
  schemes: readonly string[];
  /** Anything else that a caller needs, as a sentence of the document. */
  note?: string;
}

export interface Schemas<P, Q, B> {
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** Absent: a body is not read. */
  body?: z.ZodType<B>;
}

export type Handle<S, P, Q, B, C> = (input: RouteInput<P, Q, B, C>, services: S) => Promise<Answer>;

/** `S`: the services that handlers of the door call; `C`: its callers. */
export interface Route<S, C> extends Described {
  access: Access;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /**
   * Validates the request, throws what is wrong with it, and returns what is left to do. Nothing was done
   * before that is called.
   */
  prepare(raw: RawRequest<C>): (token: string | undefined, services: S) => Promise<Answer>;
}

/** `admit` returns the caller as the handler wants them, or throws. */
export interface RouteSpec<S, C, A, P, Q, B> extends Described, Schemas<P, Q, B> {
  access: Access;
  admit: (caller: C | undefined) => A;
  handle: Handle<S, P, Q, B, A>;
}

export function createRoute<S, C, A, P, Q, B>(spec: RouteSpec<S, C, A, P, Q, B>): Route<S, C> {
  const { admit, handle, ...row } = spec;
  return {
    ...row,
    prepare(raw) {
      const caller = admit(raw.caller);
      const params = validate(spec.params, raw.params, (error) => refuseParams(spec, error));
      const query = validate(spec.query, raw.query, refuseQuery);
      const body = validate(spec.body, raw.body, fromZodError);
      const { form, address } = raw;
      return (token, services) => handle({ caller, params, query, body, token, form, address }, services);
    },
  };
}

function validate<T>(schema: z.ZodType<T> | undefined, value: unknown, refuse: (error: z.ZodError) => BelfryError): T {
  const parsed = (schema ?? anything).safeParse(value, inWords);
  if (parsed.success) return parsed.data;
  throw refuse(parsed.error);
}

/**
 * Without a schema T was never named and is `unknown`: any value is one. Made once, not for
 * each request.
 */
const anything = z.custom<never>();

/**
 * An id that cannot exist names nothing; a caller who wants to make something under it learns what is wrong
 * with it.
 */
function refuseParams({ method, path }: Pick<Described, 'method' | 'path'>, error: z.ZodError): BelfryError {
  if (method === 'put') return fromZodError(error, { code: 'bad_request' });
  return notFound(thingAt(path, String(error.issues[0]?.path[0])));
}

/**
 * The thing that a parameter of a path names, by the segment before it: the same as when it is looked for in
 * vain.
 */
function thingAt(path: string, param: string): NamedThing {
  const segments = path.split('/');
  return things.get(segments[segments.indexOf(`{${param}}`) - 1] ?? '') ?? 'path';
}

const things: ReadonlyMap<string, NamedThing> = new Map([
  ['chat', 'conversation'],
  ['connections', 'connection'],
  ['conversations', 'conversation'],
  ['dead', 'dead letter'],
  ['deliveries', 'webhook delivery'],
  ['devices', 'device'],
  ['hooks', 'webhook'],
  ['jobs', 'job'],
  ['journeys', 'message'],
  ['kinds', 'kind'],
  ['message-types', 'message type'],
  ['messages', 'message'],
  ['participants', 'participant'],
  ['providers', 'provider'],
  ['reactions', 'reaction'],
  ['uploads', 'upload'],
  ['users', 'user'],
  ['views', 'view'],
]);

function refuseQuery(error: z.ZodError): BelfryError {
  const [field] = error.issues[0]?.path ?? [];
  return fromZodError(error, { code: field === 'limit' || field === 'cursor' ? 'bad_cursor' : 'bad_request' });
}
