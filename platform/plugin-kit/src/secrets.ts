// Which fields of a schema hold secrets, and their values in a given input. Not their encryption or
// redaction: the host does that.
import type { z } from 'zod';
import { configJsonSchema } from './config-json-schema.ts';
import type { JsonSchema } from './config-json-schema.ts';

/** Names of fields from the outside in; `*` is every element of an array or every value of a record. */
export type SecretPath = readonly string[];

/**
 * Marks a field as secret: stored encrypted, never sent back, only replaced. The same as
 * `.meta({ secret: true })`.
 */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), secret: true });
}

/**
 * The paths of a schema's secrets.
 * @throws Error as configJsonSchema, and on a schema that contains itself: its secrets could lie at any depth
 */
export function secretPaths(schema: z.ZodType): SecretPath[] {
  const root = configJsonSchema(schema);
  const found = new Map<string, SecretPath>();
  collectPaths(root, [], { root, found, open: [] });
  return [...found.values()];
}

/** The secret strings that `input` holds, those inside a secret object (a key file) included. */
export function secretValues(schema: z.ZodType, input: unknown): string[] {
  const values = new Set<string>();
  for (const path of secretPaths(schema)) collectStrings(valuesAt(input, path), values);
  return [...values];
}

const childKeywords = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const;

interface Walk {
  readonly root: JsonSchema;
  readonly found: Map<string, SecretPath>;
  /** The references being walked. */
  readonly open: readonly string[];
}

function collectPaths(node: unknown, path: SecretPath, walk: Walk): void {
  if (!isRecord(node)) return;
  if (node['secret'] === true) {
    walk.found.set(JSON.stringify(path), path);
    return;
  }
  const reference = node['$ref'];
  if (typeof reference === 'string') {
    if (reference === '#' || walk.open.includes(reference)) throw new Error('must not contain itself');
    collectPaths(resolve(walk.root, reference), path, { ...walk, open: [...walk.open, reference] });
  }
  if (isRecord(node['properties'])) {
    for (const [name, child] of Object.entries(node['properties'])) collectPaths(child, [...path, name], walk);
  }
  for (const keyword of ['items', 'additionalProperties'] as const) collectPaths(node[keyword], [...path, '*'], walk);
  for (const keyword of childKeywords) {
    const children = node[keyword];
    if (!Array.isArray(children)) continue;
    for (const child of children) collectPaths(child, keyword === 'prefixItems' ? [...path, '*'] : path, walk);
  }
}

/** References of our own making only: `#/$defs/<name>`. */
function resolve(root: JsonSchema, reference: string): unknown {
  const definitions = root['$defs'];
  const name = reference.slice('#/$defs/'.length);
  return isRecord(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

function valuesAt(value: unknown, path: SecretPath): unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  const children = name === '*' ? Object.values(value) : Object.hasOwn(value, name) ? [Reflect.get(value, name)] : [];
  return children.flatMap((child) => valuesAt(child, rest));
}

function collectStrings(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') into.add(value);
  else if (typeof value === 'object' && value !== null)
    for (const child of Object.values(value)) collectStrings(child, into);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
