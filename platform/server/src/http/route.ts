// What a route is: one row from which router, checks, OpenAPI document and isolation tests come. Which routes there are: route-table.ts.

import { BelfryError, fromZodError, type ApiScope, type ErrorCode } from '@belfry/protocol';
import * as z from 'zod';
import type { Caller, KeyCaller } from './caller.ts';
import type { ReceiveForm } from './middleware/file-form.ts';
import { requireScope } from './middleware/scopes.ts';
import type { HttpServices } from './services.ts';

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';

/** What a handler gives; the edge turns it into a response. Without a body it is empty. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** A request as the edge read it, before anything in it was judged. */
export interface RawRequest {
  caller: Caller | undefined;
  params: unknown;
  query: unknown;
  body: unknown;
  form: ReadForm;
  address: string;
}

/** Reads the request as a form with one file; see middleware/file-form.ts. Called by handlers of routes with a `form`, once. */
export type ReadForm = <T>(receive: ReceiveForm<T>) => Promise<T>;

/** What a handler gets: everything judged. */
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

interface Described {
  method: Method;
  /** Under `/api/v1`, parameters as `{id}`. */
  path: string;
  tag: string;
  summary: string;
  /** What it answers when all is well, by status. */
  answers: Readonly<Record<number, { description: string; schema?: z.ZodType }>>;
  /** Errors of its own, beside those that every route of its sort may answer. */
  errors?: readonly ErrorCode[];
  /** A write that does no harm when done twice and whose answer must not be kept: its `Idempotency-Key` is ignored. */
  repeatable?: true;
  /** What a form with a file holds, for the document; the handler reads it with `form`. Instead of `body`. */
  form?: z.ZodObject;
}

interface Schemas<P, Q, B> {
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** Absent: a body is not read. */
  body?: z.ZodType<B>;
}

type Handle<P, Q, B, C> = (input: RouteInput<P, Q, B, C>, services: HttpServices) => Promise<Answer>;

/** `key`: API keys alone. `any`: user tokens too, which need no scope. `public`: nobody need say who they are. */
type Guarded<P, Q, B> =
  | { auth: 'key'; scope: ApiScope; handle: Handle<P, Q, B, KeyCaller> }
  | { auth: 'any'; scope: ApiScope; handle: Handle<P, Q, B, Caller> }
  | { auth: 'public'; handle: Handle<P, Q, B, Caller | undefined> };

export interface Route extends Described {
  auth: 'key' | 'any' | 'public';
  scope?: ApiScope;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Judges the request, throws what is wrong with it, and gives what is left to do. Nothing was done before that is called. */
  prepare(raw: RawRequest): (token: string | undefined, services: HttpServices) => Promise<Answer>;
}

export function defineRoute<P = unknown, Q = unknown, B = unknown>(
  spec: Described & Schemas<P, Q, B> & Guarded<P, Q, B>,
): Route {
  return {
    ...spec,
    prepare(raw) {
      const admit = admitted(spec, raw.caller);
      const params = validate(spec.params, raw.params, (error) => refuseParams(spec.method, error));
      const query = validate(spec.query, raw.query, refuseQuery);
      const body = validate(spec.body, raw.body, fromZodError);
      const { form, address } = raw;
      return (token, services) => admit({ params, query, body, token, form, address }, services);
    },
  };
}

type Admitted<P, Q, B> = (input: Omit<RouteInput<P, Q, B, never>, 'caller'>, services: HttpServices) => Promise<Answer>;

/** Throws `unauthorized` or `forbidden`; otherwise the handler with its caller, of the type that it asked for. */
function admitted<P, Q, B>(spec: Guarded<P, Q, B>, caller: Caller | undefined): Admitted<P, Q, B> {
  if (spec.auth === 'public') return (input, services) => spec.handle({ ...input, caller }, services);
  if (caller === undefined) throw new BelfryError('unauthorized');
  requireScope(caller, spec.scope);
  if (spec.auth === 'any') return (input, services) => spec.handle({ ...input, caller }, services);
  if (caller.type !== 'key') {
    throw new BelfryError('forbidden', { message: 'This is for API keys, not for user tokens.' });
  }
  return (input, services) => spec.handle({ ...input, caller }, services);
}

function validate<T>(schema: z.ZodType<T> | undefined, value: unknown, refuse: (error: z.ZodError) => BelfryError): T {
  const parsed = (schema ?? anything<T>()).safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(parsed.error);
}

/** Without a schema T was never named and is `unknown`: any value is one. */
function anything<T>(): z.ZodType<T> {
  return z.custom<T>();
}

/** An id that cannot be names nothing; who wants to make something under it is told what is wrong with it. */
function refuseParams(method: Method, error: z.ZodError): BelfryError {
  return method === 'put' ? fromZodError(error, { code: 'bad_request' }) : new BelfryError('not_found');
}

function refuseQuery(error: z.ZodError): BelfryError {
  const [field] = error.issues[0]?.path ?? [];
  return fromZodError(error, { code: field === 'limit' || field === 'cursor' ? 'bad_cursor' : 'bad_request' });
}
