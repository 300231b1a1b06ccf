// The form of the provision file, and the names in it that must not be there twice. Reading the text is
// parse.ts, carrying it out apply.ts.
import { pluginIdSchema } from '@belfry/plugin-kit';
import {
  allowedOriginSchema,
  apiScopes,
  beforeEvent,
  checkWebhookSettings,
  appKeySchema,
  checkJson,
  hookIdSchema,
  hookSecretSchema,
  idSchema,
  jsonObjectSchema,
  kindSchema,
  mappingSchema,
  maxWaitMs,
  pagePolicyInputSchema,
  fallbacksSchema,
  pushQuotaSchema,
  webhookIdSchema,
  webhookSettingFields,
} from '@belfry/protocol';
import * as z from 'zod';
import { reservedAppPrefix } from '../../ports/app-id.ts';
import { minSigningSecretBytes } from '../tokens/app-signing.ts';

const nameSchema = z.string().min(1).max(200);

/** Ids of parts that are named in URLs and log lines. */
export const partIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -');

export const signingSecretSchema = z
  .string()
  .refine(
    (secret) => Buffer.byteLength(secret) >= minSigningSecretBytes,
    `must be at least ${minSigningSecretBytes} bytes long`,
  );

export const jwksUrlSchema = z
  .string()
  .refine(isKeyUrl, 'must be an https URL (http only on this machine), without a password');

/** Of a resource that has scopes, `resource:*` is both of them. */
const scopes: readonly string[] = [
  ...apiScopes,
  ...new Set(apiScopes.filter((scope) => scope !== '*').map((scope) => `${scope.split(':')[0] ?? ''}:*`)),
];
export const scopeSchema = z
  .string()
  .refine(
    (scope) => scopes.includes(scope),
    'is not a scope; scopes are *, resource:read, resource:write and resource:*',
  );

const apiKeySchema = z.strictObject({
  id: partIdSchema,
  secret: z.string().regex(/^bk_[A-Za-z0-9._-]{20,253}$/, 'must be bk_<id>_<secret>, at least 23 characters long'),
  scopes: z.array(scopeSchema).min(1).max(64),
});

const maxKeepMs = 100 * 365 * 24 * 60 * 60_000;

const uploadTypeSchema = z
  .string()
  .regex(/^(?:\*|[a-z]+\/(?:\*|[a-z0-9][a-z0-9.+-]{0,126}))$/, 'must be a type such as image/png, image/* or *');

export const uploadsSchema = z.strictObject({
  enabled: z.boolean().optional(),
  maxBytes: z.int().min(1).optional(),
  types: z.array(uploadTypeSchema).min(1).max(200).optional(),
  quotaBytes: z.int().min(0).optional(),
  unusedKeepMs: z.int().min(1000).max(maxKeepMs).optional(),
});

const settingsSchema = z.strictObject({
  waitMs: z.int().min(0).max(maxWaitMs).optional(),
  deliveredMeans: z.enum(['attended', 'visible', 'any']).optional(),
  retentionMs: z.int().min(0).max(maxKeepMs).optional(),
  journeyRetentionMs: z.int().min(0).max(maxKeepMs).optional(),
  pushQuota: pushQuotaSchema.optional(),
  fallbacks: fallbacksSchema.optional(),
  uploads: uploadsSchema.optional(),
});

const limitsSchema = z.strictObject({
  connections: z.int().min(1).optional(),
  requestsPerMinute: z.int().min(1).optional(),
});

/**
 * The settings of an app beside its identity: each of these has a reader somewhere, which a test looks for.
 */
export const appSettingsSchemas = { settings: settingsSchema, limits: limitsSchema };

const providerSchema = z.strictObject({
  id: idSchema,
  plugin: pluginIdSchema,
  enabled: z.boolean().default(true),
  config: jsonObjectSchema.default({}),
  quota: pushQuotaSchema.optional(),
});

const hookSchema = z.strictObject({
  id: hookIdSchema,
  secret: hookSecretSchema,
  /** Verifies too, for as long as the file has it: to put another in place without losing a webhook. */
  previousSecret: hookSecretSchema.optional(),
  mapping: mappingSchema,
  enabled: z.boolean().default(true),
});

const webhookSchema = z
  .strictObject({
    id: webhookIdSchema,
    ...webhookSettingFields,
    secret: hookSecretSchema,
    /** Signs too, for as long as the file has it: to put another in place without losing a request. */
    previousSecret: hookSecretSchema.optional(),
    enabled: z.boolean().default(true),
  })
  .superRefine(checkWebhookSettings);

const appSchema = z
  .strictObject({
    key: appKeySchema.refine((key) => !key.startsWith(reservedAppPrefix), `must not begin with ${reservedAppPrefix}`),
    name: nameSchema.optional(),
    disabled: z.boolean().optional(),
    signingSecret: signingSecretSchema.optional(),
    jwksUrl: jwksUrlSchema.optional(),
    apiKeys: listOf(apiKeySchema, 'id'),
    allowedOrigins: z.array(allowedOriginSchema).max(1000).optional(),
    settings: settingsSchema.default({}),
    limits: limitsSchema.default({}),
    pages: listOf(pagePolicyInputSchema, 'pattern'),
    kinds: listOf(kindSchema, 'kind'),
    providers: listOf(providerSchema, 'id'),
    hooks: listOf(hookSchema, 'id'),
    webhooks: listOf(webhookSchema, 'id'),
  })
  .refine((app) => app.signingSecret !== undefined || app.jwksUrl !== undefined, {
    path: ['signingSecret'],
    message: 'either signingSecret or jwksUrl is needed, or nobody could sign in',
  });

const tenantSchema = z.strictObject({
  id: partIdSchema,
  name: nameSchema.optional(),
  apps: z.array(appSchema).default([]),
});

export const provisioningSchema = z
  .strictObject({ tenants: listOf(tenantSchema, 'id') })
  .superRefine(({ tenants }, context) => {
    const add = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const appKeys = new Set<string>();
    const apiKeys = new Set<string>();
    const hooks = new Set<string>();
    for (const [t, tenant] of tenants.entries()) {
      for (const [a, app] of tenant.apps.entries()) {
        const at = ['tenants', t, 'apps', a];
        if (appKeys.has(app.key))
          add([...at, 'key'], `is there twice: ${app.key}; app keys are unique in an installation`);
        appKeys.add(app.key);
        for (const [k, { secret }] of app.apiKeys.entries()) {
          if (apiKeys.has(secret)) add([...at, 'apiKeys', k, 'secret'], 'is the secret of another key too');
          apiKeys.add(secret);
        }
        const asked = app.webhooks.filter(({ events }) => events.includes(beforeEvent));
        if (asked.length > 1) add([...at, 'webhooks'], `has more than one that is asked ${beforeEvent}`);
        for (const [h, { id }] of app.hooks.entries()) {
          if (hooks.has(id))
            add([...at, 'hooks', h, 'id'], `is there twice: ${id}; ids of hooks are unique in an installation`);
          hooks.add(id);
        }
      }
    }
  });

/** The content of a file, validated and with defaults filled in. */
export type ProvisioningPlan = z.output<typeof provisioningSchema>;
export type PlannedApp = ProvisioningPlan['tenants'][number]['apps'][number];
export type PlannedHook = PlannedApp['hooks'][number];
export type PlannedWebhook = PlannedApp['webhooks'][number];
export type PlannedProvider = PlannedApp['providers'][number];

/** The content of a missing file. Applied, it gives back to the console what an earlier file managed. */
export const emptyPlan: ProvisioningPlan = { tenants: [] };

/** Validated before the schema: depth, numbers and keys that no JSON from outside may have. */
export function checkShape(value: unknown): { path: readonly PropertyKey[]; message: string } | undefined {
  const problem = checkJson(value);
  return problem === undefined ? undefined : { path: problem.path ?? [], message: problem.message };
}

/** A list whose elements are told apart by one field. */
function listOf<S extends z.ZodType<Record<K, string>>, K extends string>(element: S, key: K) {
  return z
    .array(element)
    .max(10_000)
    .default([])
    .superRefine((list, context) => {
      const seen = new Set<string>();
      for (const [index, item] of list.entries()) {
        const value = item[key];
        if (seen.has(value))
          context.addIssue({ code: 'custom', path: [index, key], message: `is there twice: ${value}` });
        seen.add(value);
      }
    });
}

function isKeyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  const here = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && here);
}
