// The OpenAPI 3.1 document of a door, made from its table of routes and the schemas that validate requests.
// Showing it: docs.ts.

import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type ZodMediaTypeObject,
} from '@asteasolutions/zod-to-openapi';
import { errorTable, type ErrorCode } from '@belfry/protocol';
import * as z from 'zod';
import { describeFields, type FieldNotes, type FilledIn } from './openapi-fields.ts';
import type { Access, Described } from './route.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

type SecurityScheme = Parameters<OpenAPIRegistry['registerComponent']>[2] & { type: 'http' | 'apiKey' };

/** As much of a route as the document needs. */
type DocumentedRoute = Described & { access: Access; params?: z.ZodType; query?: z.ZodType; body?: z.ZodType };

export interface DocumentedDoor {
  prefix: string;
  table: readonly DocumentedRoute[];
  title: string;
  description: string;
  /** By the names that the routes of the table have in `access`. */
  schemes: Readonly<Record<string, SecurityScheme>>;
  /** What is behind each tag of the table. */
  tags: ReadonlyMap<string, string>;
  /** What the fields and parameters mean. */
  notes: FieldNotes;
}

/** Needs no running server. The same for every installation: addresses and limits of one are not in it. */
export function openApiDocument({
  prefix,
  table,
  title,
  description,
  schemes,
  tags,
  notes,
}: DocumentedDoor): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const [name, scheme] of Object.entries(schemes)) registry.registerComponent('securitySchemes', name, scheme);
  registerProblem(registry);
  for (const route of table) register(registry, prefix, route);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title, version: '1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: [...new Set(table.map(({ tag }) => tag))].map((name) => {
      const about = tags.get(name);
      return { name, ...(about === undefined ? {} : { description: about }) };
    }),
  });
  describeFields(document, notes, filledInBy(table));
  return document;
}

/** What an example gives for a parameter of its path or query. */
function filledInBy(table: readonly DocumentedRoute[]): FilledIn {
  const examples = new Map(table.map(({ operationId, example }) => [operationId ?? '', example]));
  return (operationId, parameter) => {
    const { params, query } = examples.get(operationId) ?? {};
    return new Map(Object.entries({ ...params, ...query })).get(parameter);
  };
}

/** Every route may answer these. */
const commonErrors: readonly ErrorCode[] = ['rate_limited', 'internal', 'unavailable'];
const bodyErrors: readonly ErrorCode[] = [
  'bad_request',
  'request_timeout',
  'too_large',
  'unsupported_media_type',
  'invalid_body',
];
const callerErrors: readonly ErrorCode[] = ['unauthorized', 'bad_token', 'token_expired', 'forbidden'];

function register(registry: OpenAPIRegistry, prefix: string, route: DocumentedRoute): void {
  const { method, path, tag, summary, params, query, body, form, access, example } = route;
  registry.registerPath({
    method,
    path: `${prefix}${path}`,
    ...(route.operationId === undefined ? {} : { operationId: route.operationId }),
    tags: [tag],
    summary,
    ...descriptionOf(route),
    security: securityOf(access),
    request: {
      ...(isObject(params) ? { params } : {}),
      ...(isObject(query) ? { query } : {}),
      ...(method === 'get' || route.repeatable ? {} : { headers: idempotencyHeaders }),
      ...(form === undefined ? {} : { body: { required: true, content: { 'multipart/form-data': { schema: form } } } }),
      ...(body === undefined
        ? {}
        : {
            body: {
              required: !body.safeParse(undefined).success,
              content: json(body, example?.body ?? exampleOf(body)),
            },
          }),
    },
    responses: { ...answersOf(route), ...errorsOf(route) },
  });
}

const idempotencyHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta({ description: 'The same key with the same body is answered as before and does nothing.' }),
});

function registerProblem(registry: OpenAPIRegistry): void {
  registry.registerComponent('schemas', 'Problem', {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: Object.keys(errorTable) },
      detail: { type: 'string' },
      path: {
        type: 'array',
        items: { type: ['string', 'integer'] },
        description: 'Leads to the offending part of the request.',
      },
      requestId: { type: 'string' },
      afterMs: { type: 'integer', description: 'When to try again.' },
    },
  });
}

/** Its own words, where the row has none. */
function exampleOf(schema: z.ZodType): unknown {
  return schema.meta()?.['example'];
}

function descriptionOf({ description, access: { note } }: DocumentedRoute): { description?: string } {
  const paragraphs = [description, note].filter((text) => text !== undefined);
  return paragraphs.length === 0 ? {} : { description: paragraphs.join('\n\n') };
}

function securityOf({ isOpen, schemes }: Access): Record<string, string[]>[] {
  return [...(isOpen ? [{}] : []), ...schemes.map((name) => ({ [name]: [] }))];
}

function answersOf({ answers }: DocumentedRoute): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema }]) => [
      status,
      { description, ...(schema === undefined ? {} : { content: json(schema) }) },
    ]),
  );
}

function errorsOf({ access, params, body, form, query, errors = [] }: DocumentedRoute) {
  const codes = [
    ...errors,
    ...commonErrors,
    ...(access.isOpen ? [] : callerErrors),
    ...(params === undefined ? [] : (['not_found'] as const)),
    ...(body === undefined && form === undefined ? [] : bodyErrors),
    ...(query === undefined ? [] : (['bad_request'] as const)),
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => errorTable[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      String(status),
      {
        description: same.map((code) => `\`${code}\`: ${errorTable[code].title}`).join('\n\n'),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function json(schema: z.ZodType, example?: unknown): { 'application/json': ZodMediaTypeObject } {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}

function isObject(schema: z.ZodType | undefined): schema is z.ZodObject {
  return schema instanceof z.ZodObject;
}
