// The forms of what the console's API answers about apps as a whole. What is within an app has answers with its
// routes.

import { fallbackSchema, kindSchema, pagePolicyInputSchema, pushQuotaSchema, timestampSchema } from '@belfry/protocol';
import * as z from 'zod';
import { appSettingsSchemas } from '../../../tenancy/provisioning/schema.ts';
import { memberRoleSchema } from './answers.ts';

const settingsSchema = z.object({
  ...{ waitMs: z.int(), deliveredMeans: z.enum(['attended', 'visible', 'any']) },
  ...{ retentionMs: z.int(), journeyRetentionMs: z.int() },
  pushQuota: pushQuotaSchema.optional(),
  fallbacks: z.array(fallbackSchema).readonly().optional(),
  uploads: z
    .object({
      ...{
        enabled: z.boolean().optional(),
        maxBytes: z.int().optional(),
        types: z.array(z.string()).readonly().optional(),
      },
      ...{ quotaBytes: z.int().optional(), unusedKeepMs: z.int().optional() },
    })
    .optional(),
});

const limitsSchema = z.object({ connections: z.int(), requestsPerMinute: z.int() });

export const appSchema = z
  .object({
    ...{ app: z.string(), tenant: z.string(), name: z.string(), disabled: z.boolean(), protected: z.boolean() },
    contentInConsole: z.enum(['shown', 'audited', 'hidden']),
    allowedOrigins: z.array(z.string()).readonly(),
    settings: settingsSchema,
    limits: limitsSchema,
    ...{ managed: z.boolean(), version: z.int() },
    ...{ createdAt: timestampSchema, changedAt: timestampSchema, changedBy: z.string() },
  })
  .meta({ id: 'App' });
export type AppAnswer = z.infer<typeof appSchema>;

/** Of a list: with how many connections there are now, on all nodes. */
export const listedAppSchema = appSchema.extend({ connections: z.int() }).meta({ id: 'ListedApp' });

/** `defaults`: what holds where the app says nothing. */
export const ownAppSchema = appSchema
  .extend({
    role: memberRoleSchema,
    defaults: z.object({ settings: settingsSchema, limits: limitsSchema }),
  })
  .meta({ id: 'OwnApp' });

export const usageSchema = z
  .object({
    ...{ connections: z.int(), users: z.int() },
    uploads: z.object({ count: z.int(), bytes: z.int() }),
  })
  .meta({ id: 'AppUsage' });

export const newAppSchema = z
  .object({ app: appSchema, apiKey: z.string(), signing: z.object({ kid: z.string() }) })
  .meta({ id: 'NewApp' });

export const templateSchema = z
  .object({
    ...{ id: z.string(), name: z.string(), description: z.string() },
    pages: z.array(pagePolicyInputSchema),
    kinds: z.array(kindSchema),
    settings: appSettingsSchemas.settings,
  })
  .meta({ id: 'Template' });
