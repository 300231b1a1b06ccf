// The OpenAPI 3.1 document, made from the table of routes and the schemas that judge requests. Showing it: docs.ts.

import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type ZodMediaTypeObject,
} from '@asteasolutions/zod-to-openapi';
import { errorTable, type ErrorCode } from '@belfry/protocol';
import * as z from 'zod';
import type { Route } from './route.ts';
import { apiPrefix, routeTable } from './doors/public/route-table.ts';

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** Needs no running server. The same for every installation: addresses and limits of one are not in it. */
export function openApiDocument(): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key of an app (`bk_...`), for back ends. Each operation names the scope that the key needs.',
  });
  registry.registerComponent('securitySchemes', 'userToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A user token; it speaks for its own `sub` alone.',
  });
  registerProblem(registry);
  for (const route of routeTable) register(registry, route);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Belfry',
      version: '1',
      description:
        'Conversations, messages, broadcasts, push targets and page policies of one app. Errors are RFC 9457 problem details; decide by their `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routeTable.map(({ tag }) => tag))].map((name) => ({ name })),
  });
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

function register(registry: OpenAPIRegistry, route: Route): void {
  const { method, path, tag, summary, params, query, body, form } = route;
  registry.registerPath({
    method,
    path: `${apiPrefix}${path}`,
    operationId: operationId(route),
    tags: [tag],
    summary,
    ...(route.scope === undefined ? {} : { description: `An API key needs the scope \`${route.scope}\`.` }),
    security: securityOf(route),
    request: {
      ...(isObject(params) ? { params } : {}),
      ...(isObject(query) ? { query: described(query) } : {}),
      ...(method === 'get' || route.repeatable ? {} : { headers: idempotencyHeaders }),
      ...(form === undefined ? {} : { body: { required: true, content: { 'multipart/form-data': { schema: form } } } }),
      ...(body === undefined ? {} : { body: { required: !body.safeParse(undefined).success, content: json(body) } }),
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

function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '');
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function securityOf({ auth }: Route): Record<string, string[]>[] {
  if (auth === 'key') return [{ apiKey: [] }];
  return [...(auth === 'public' ? [{}] : []), { apiKey: [] }, { userToken: [] }];
}

function answersOf({ answers }: Route): Record<string, ResponseConfig> {
  const responses: Record<string, ResponseConfig> = {};
  for (const [status, { description, schema }] of Object.entries(answers)) {
    responses[status] = { description, ...(schema === undefined ? {} : { content: json(schema) }) };
  }
  return responses;
}

function errorsOf({ auth, params, body, form, query, errors = [] }: Route) {
  const codes = [
    ...errors,
    ...commonErrors,
    ...(auth === 'public' ? [] : callerErrors),
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

/** A page size is read from text; to whoever calls it is a number. */
function described(query: z.ZodObject): z.ZodObject {
  return 'limit' in query.shape ? z.object({ ...query.shape, limit: z.int().min(1).max(100).default(50) }) : query;
}

function json(schema: z.ZodType): { 'application/json': ZodMediaTypeObject } {
  return { 'application/json': { schema } };
}

function isObject(schema: z.ZodType | undefined): schema is z.ZodObject {
  return schema instanceof z.ZodObject;
}
