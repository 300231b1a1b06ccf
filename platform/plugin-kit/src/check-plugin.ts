// Checks whether any value is a plugin: at definition, and again in the host for foreign objects. Never
// throws; of the value it calls nothing but the JSON form of its schemas.
import { z } from 'zod';
import { configJsonSchema } from './config-json-schema.ts';
import { pluginIdSchema } from './manifest.ts';
import type { MessageType } from './message-type.ts';
import { channels } from './notification-provider.ts';
import type { NotificationProvider } from './notification-provider.ts';
import { secretPaths } from './secrets.ts';

export type AnyPlugin = NotificationProvider | MessageType;
export type PluginCheck = { ok: true; plugin: AnyPlugin } | { ok: false; problems: string[] };

/**
 * Reads every property once, so that a getter cannot answer differently later, and returns a frozen copy of
 * what it read. Each problem is `path: reason`.
 */
export function checkPlugin(value: unknown): PluginCheck {
  try {
    return checkShape(value);
  } catch (error) {
    return { ok: false, problems: [`plugin: cannot be read (${sayError(error)})`] };
  }
}

function checkShape(value: unknown): PluginCheck {
  if (typeof value !== 'object' || value === null) return { ok: false, problems: ['plugin: must be an object'] };
  // An optional method given as undefined is a method left out.
  const read = Object.entries({ ...value }).filter(([, part]) => part !== undefined);
  const parsed = anyShape.safeParse(Object.fromEntries(read));
  if (parsed.success) return { ok: true, plugin: Object.freeze(parsed.data) };
  return { ok: false, problems: parsed.error.issues.flatMap(sayIssue) };
}

const line = z.string().trim().min(1).max(80);
const paragraph = z.string().trim().min(1).max(1000);
const api = z.string().regex(/^\d+\.\d+\.\d+$/, 'must be the kit version it was defined under');
const flag = z.boolean().optional();

function isSchema(value: unknown): value is z.ZodType {
  return (
    typeof value === 'object' &&
    value !== null &&
    '_zod' in value &&
    typeof Reflect.get(value, 'safeParse') === 'function'
  );
}

/**
 * A zod schema of an object that JSON can carry: a form is drawn from it, and a registration is read by it.
 */
const objectSchema = z
  .custom<z.ZodType>(isSchema, { error: 'must be a zod schema', abort: true })
  .superRefine((schema, ctx) => {
    try {
      if (!describesObject(configJsonSchema(schema))) ctx.addIssue('must be the schema of an object');
    } catch (error) {
      ctx.addIssue(`cannot be written as JSON Schema (${sayError(error)})`);
    }
  });

/** Input of a tenant may be a secret, so the place of each part must have a name. */
const configSchema = objectSchema.superRefine((schema, ctx) => {
  try {
    secretPaths(schema);
  } catch (error) {
    ctx.addIssue(sayError(error));
  }
});

/** A function, kept as it is. Its types are not checked here; the host parses what it returns. */
function method<Method extends (...given: never[]) => unknown>() {
  return z.custom<Method>((value) => typeof value === 'function', 'must be a function');
}

const notificationProviderShape = z.strictObject({
  kind: z.literal('notification-provider'),
  api,
  id: pluginIdSchema,
  channel: z.enum(channels),
  displayName: line,
  description: paragraph,
  texts: z.record(z.string(), z.strictObject({ displayName: line, description: paragraph })).optional(),
  docsUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  config: configSchema,
  target: objectSchema,
  targetsAreSecret: z.boolean().optional(),
  limits: z
    .strictObject({
      titleChars: z.int().positive().optional(),
      bodyChars: z.int().positive().optional(),
      payloadBytes: z.int().positive().optional(),
      perSecond: z.number().positive().optional(),
      batch: z.int().positive().optional(),
    })
    .readonly(),
  supports: z
    .strictObject({
      ...{ collapse: flag, ttl: flag, silent: flag, priority: flag, clear: flag, receipts: flag },
      ...{ badge: flag, image: flag, messageIds: flag, unsubscribe: flag },
    })
    .readonly(),
  publicConfig: method<NonNullable<NotificationProvider['publicConfig']>>().exactOptional(),
  setup: method<NotificationProvider['setup']>(),
});

const messageTypeShape = z
  .strictObject({
    kind: z.literal('message-type'),
    api,
    id: pluginIdSchema,
    version: z.int().positive(),
    displayName: line.optional(),
    description: paragraph.optional(),
    schema: objectSchema,
    limits: z.strictObject({ bytes: z.int().positive() }).readonly(),
    feature: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be a feature name such as file_upload')
      .optional(),
    preview: method<MessageType['preview']>(),
    accept: method<NonNullable<MessageType['accept']>>().exactOptional(),
    uploads: method<NonNullable<MessageType['uploads']>>().exactOptional(),
    upgrade: method<NonNullable<MessageType['upgrade']>>().exactOptional(),
  })
  .refine((type) => type.version === 1 || type.upgrade !== undefined, {
    path: ['upgrade'],
    error: 'is needed from version 2 on: stored messages are older',
  });

const anyShape = z.discriminatedUnion('kind', [notificationProviderShape, messageTypeShape], {
  error: 'must be the default export, made by defineNotificationProvider or defineMessageType',
});

function describesObject(schema: Record<string, unknown>): boolean {
  if (schema['type'] === 'object') return true;
  const choices = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(choices) && choices.length > 0 && choices.every(describesObject);
}

function sayIssue(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path || 'plugin'}: ${issue.message}`];
  return issue.keys.map((key) => `${path === '' ? key : `${path}.${key}`}: is not a field of the contract`);
}

/** A thrown value may itself throw when it is read. */
function sayError(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'an unreadable error';
  }
}
