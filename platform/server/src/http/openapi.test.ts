import { apiScopes } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { fieldNotes } from './doors/public/field-notes/field-notes.ts';
import { publicApiDocument } from './doors/public/openapi.ts';
import { apiPrefix, routeTable } from './doors/public/route-table.ts';
import { describeFields } from './openapi-fields.ts';

interface Operation {
  operationId: string;
  parameters?: {
    name: string;
    in: string;
    schema: object;
    required?: boolean;
    description?: string;
    example?: unknown;
  }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
  security: Record<string, string[]>[];
}

const document = publicApiDocument();
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
);
const find = (method: string, path: string) =>
  operations.find((each) => each.method === method && each.path === `${apiPrefix}${path}`)?.operation;

describe('the table of routes', () => {
  it('has each method of a path once', () => {
    const names = routeTable.map(({ method, path }) => `${method} ${path}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('gives every list out in pages, but for those whose bound is small', () => {
    const whole = operations.flatMap(({ path, method, operation }) => {
      const { schema } = operation.responses['200']?.content?.['application/json'] ?? {};
      const { $ref } = (schema ?? {}) as { $ref?: string };
      const named = $ref === undefined ? schema : document.components?.schemas?.[$ref.split('/').at(-1) ?? ''];
      const properties = Object.values((named as { properties?: object } | undefined)?.properties ?? {});
      const isList = properties.some((each: { type?: string }) => each.type === 'array');
      const isPaged = operation.parameters?.some(({ name }) => name === 'limit') === true;
      return method === 'get' && isList && !isPaged ? [path.slice(apiPrefix.length)] : [];
    });
    // A journey names at most LIMIT_JOURNEY_RECIPIENTS users, a user has LIMIT_CONNECTIONS_PER_USER
    // connections, presence is asked for LIMIT_PRESENCE_IDS users, every client needs all of the
    // LIMIT_PAGES_PER_APP pages, and what a user has not read names 1000 conversations beside the total.
    expect(whole.toSorted()).toEqual([
      ...['/messages/{id}/journey', '/pages', '/presence'],
      ...['/users/{id}/connections', '/users/{id}/devices', '/users/{id}/unread'],
    ]);
  });

  it('asks for scopes that there are, and for one wherever a key is needed', () => {
    for (const { auth, scope } of routeTable) {
      if (auth === 'public') expect(scope).toBeUndefined();
      else expect(apiScopes).toContain(scope);
    }
  });

  it('needs a write scope for writes and a read scope for reads, explaining, simulating and marking aside', () => {
    const unlike = routeTable.filter(
      ({ method, scope }) => scope !== undefined && (method === 'get') !== scope.endsWith(':read'),
    );
    expect(unlike.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /broadcasts/explain',
      'post /simulate',
    ]);
  });

  it('validates every parameter of a path', () => {
    for (const route of routeTable) {
      const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
      const raw = {
        caller: undefined,
        query: {},
        body: {},
        params: Object.fromEntries(named.map((name) => [name, '/\u0007'])),
      };
      if (named.length > 0) expect(route.params?.safeParse(raw.params).success, route.path).toBe(false);
    }
  });
});

describe('the OpenAPI document', () => {
  it('is of version 3.1 and has every route, and no other', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      routeTable.map(({ method, path }) => `${method} ${apiPrefix}${path}`).toSorted(),
    );
  });

  it('names every operation differently', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('names every operation by a verb and its object', () => {
    const verbs = ['add', 'change', 'close', 'create', 'delete', 'edit', 'erase', 'explain', 'get', 'list', 'mark'];
    verbs.push(
      'pin',
      'put',
      'react',
      'register',
      'remove',
      'renew',
      'replay',
      'report',
      'resume',
      'revert',
      'rotate',
      'search',
    );
    verbs.push('pause', 'send', 'sign', 'simulate', 'try', 'unpin', 'update', 'upload');
    const named = new RegExp(`^(?:${verbs.join('|')})[A-Z][A-Za-z]+$`);
    const unnamed = routeTable.filter(({ operationId = '' }) => !named.test(operationId));
    expect(unnamed.map(({ method, path, operationId }) => `${method} ${path}: ${operationId ?? 'none'}`)).toEqual([]);
  });

  it('describes every parameter that stands in a path', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = operation.parameters?.filter((each) => each.in === 'path').map(({ name }) => name) ?? [];
      expect(described.toSorted(), path).toEqual(named.toSorted());
    }
  });

  it('points only at what it has', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, kind = '', name = ''] of references) {
      expect(document.components).toHaveProperty([kind, name]);
    }
  });

  it('names answers, errors and who may ask', () => {
    expect(Object.keys(find('put', '/conversations/{id}')?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '201', '400', '401', '403', '404', '413', '415', '422', '429', '500', '503']),
    );
    expect(find('put', '/conversations/{id}')?.security).toEqual([{ apiKey: [] }]);
    expect(find('get', '/pages')?.security).toEqual([{}, { apiKey: [] }, { userToken: [] }]);
    expect(find('post', '/tokens')?.requestBody?.content['application/json']?.schema).toMatchObject({
      type: 'object',
      required: ['userId'],
      additionalProperties: false,
    });
    expect(find('get', '/conversations')?.parameters).toContainEqual(
      expect.objectContaining({ name: 'limit', in: 'query', required: false }),
    );
  });

  it('has the things of the API as components of their own', () => {
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(
      expect.arrayContaining([
        'Problem',
        'Message',
        'Conversation',
        'Participant',
        'Device',
        'Connection',
        'PagePolicy',
      ]),
    );
    expect(document.components?.schemas?.['Conversation']).toMatchObject({
      properties: { participants: { items: { $ref: '#/components/schemas/Participant' } } },
    });
  });

  it('has patterns that need no flags and no look-around, and that their own examples fit', () => {
    const found = fieldsOf(document).filter(({ field }) => typeof field.pattern === 'string');
    expect(found.length).toBeGreaterThan(10);
    for (const { at, field } of found) {
      expect(field.pattern, at).not.toMatch(/^\/|\(\?[=!<]|\\p\{/);
      const pattern = new RegExp(field.pattern ?? '', 'u');
      for (const example of field.examples ?? []) expect(String(example), at).toMatch(pattern);
    }
  });

  it('is JSON and the same every time', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(JSON.parse(JSON.stringify(publicApiDocument())));
  });
});

describe('a reader of the document', () => {
  const fields = fieldsOf(document);

  it('finds a description for every field', () => {
    expect(fields.length).toBeGreaterThan(200);
    expect(fields.filter(({ field }) => !field.description).map(({ at }) => at)).toEqual([]);
  });

  it('finds an example for every field that is not made of others', () => {
    const plain = fields.filter(({ field }) => !isComposed(field) && field.format !== 'binary');
    expect(plain.filter(({ field }) => field.examples === undefined).map(({ at }) => at)).toEqual([]);
  });

  it('finds a description for every parameter, and an example that is filled in where one is needed', () => {
    for (const { method, path, operation } of operations) {
      for (const { name, description, required, example } of operation.parameters ?? []) {
        expect(description, `${method} ${path} ${name}`).toMatch(/\S/);
        if (required === true) expect(example, `${method} ${path} ${name}`).toBeDefined();
      }
    }
  });

  it.each(routeTable.filter(({ body }) => body !== undefined).map((route) => [route.operationId, route] as const))(
    'finds an example of the body of %s that the server takes',
    (_operationId, { body, example }) => {
      const given = example?.body ?? body?.meta()?.['example'];
      expect(given).toBeDefined();
      expect(body?.safeParse(given).error).toBeUndefined();
    },
  );

  it('is told nothing of a field that there is not', () => {
    expect(describeFields(JSON.parse(JSON.stringify(document)), fieldNotes, () => undefined)).toEqual([]);
  });
});

interface Field {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  description?: string;
  examples?: unknown[];
  properties?: Record<string, Field>;
  items?: Field;
  additionalProperties?: Field | boolean;
  anyOf?: Field[];
}

/** Every field of every schema, with the place where it is. */
function fieldsOf(from: typeof document): { at: string; field: Field }[] {
  const found: { at: string; field: Field }[] = [];
  const walk = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
      // What is an example may hold any field.
      if (['example', 'examples', 'default'].includes(key)) continue;
      if (key === 'properties') {
        for (const [name, field] of Object.entries(inner as Record<string, Field>)) {
          found.push({ at: `${at}.${name}`, field });
          walk(field, `${at}.${name}`);
        }
      } else walk(inner, ['schemas', 'content', 'schema', 'items'].includes(key) ? at : `${at} ${key}`);
    }
  };
  walk(from.components?.schemas, '');
  walk(from.paths, '');
  return found;
}

/** Its example is made of those of its parts. */
function isComposed({ $ref, type, properties, items, anyOf }: Field): boolean {
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'));
  return (
    Boolean($ref ?? properties ?? anyOf) || isObject || (items !== undefined && (isComposed(items) || !items.type))
  );
}
