// The forms of what the console's API answers about page policies, and how records become them.

import { servedPagePolicySchema, timestampSchema, toServedPolicy, type PagePolicy } from '@belfry/protocol';
import * as z from 'zod';
import type { PageVersion } from '../../../ports/stores/index.ts';

export const pageSchema = servedPagePolicySchema
  .extend({ changedBy: z.string(), changedAt: timestampSchema, managed: z.boolean() })
  .meta({ id: 'Page' });
export type PageAnswer = z.infer<typeof pageSchema>;

const featureAnswerSchema = z
  .object({
    name: z.string(),
    from: z.enum(['belfry', 'kind', 'message_type']),
    ...{ commands: z.array(z.string()), events: z.array(z.string()), messageTypes: z.array(z.string()) },
  })
  .meta({ id: 'Feature' });

export const pagesSchema = z
  .object({ pages: z.array(pageSchema), features: z.array(featureAnswerSchema) })
  .meta({ id: 'Pages' });

const pageContentSchema = servedPagePolicySchema.omit({ version: true, pattern: true }).meta({ id: 'PageContent' });

export const pageVersionSchema = z
  .object({
    ...{ pattern: z.string(), version: z.int(), at: timestampSchema, by: z.string() },
    /** Unknown of old versions. */
    via: z.enum(['console', 'api_key', 'file', 'belfry']).optional(),
    note: z.string().optional(),
    /** This version took the page away. */
    removed: z.boolean(),
    policy: pageContentSchema,
  })
  .meta({ id: 'PageVersion' });
export type PageVersionAnswer = z.infer<typeof pageVersionSchema>;

const countsSchema = z.object({ connections: z.int(), users: z.int() });
export const pageImpactSchema = countsSchema
  .extend({
    /** Of these, the ones that would be closed. */
    closed: countsSchema,
    /** On how many connections each would be taken or given. */
    features: z.array(z.object({ feature: z.string(), taken: z.int(), given: z.int() })),
  })
  .meta({ id: 'PageImpact' });

export const rolloutSchema = z
  .object({
    pages: z.array(
      z
        .object({
          pattern: z.string(),
          versions: z.array(z.object({ version: z.int(), confirmed: z.int(), enforced: z.int(), silent: z.int() })),
        })
        .meta({ id: 'PageRollout' }),
    ),
    /** Connections of nodes that did not say. */
    unheard: z.int(),
  })
  .meta({ id: 'Rollout' });

export const changedPageSchema = z
  .object({
    ...{ pattern: z.string(), version: z.int() },
    /** Left out where it was taken away. */
    page: pageSchema.optional(),
  })
  .meta({ id: 'ChangedPage' });

export function shownPage(policy: PagePolicy, managed: boolean): PageAnswer {
  return { ...toServedPolicy(policy), changedBy: policy.updatedBy, changedAt: policy.updatedAt, managed };
}

export function shownVersion({ policy, removed, via, note }: PageVersion): PageVersionAnswer {
  const { pattern, version, ...content } = toServedPolicy(policy);
  return {
    ...{ pattern, version, at: policy.updatedAt, by: policy.updatedBy, removed, policy: content },
    ...(via === undefined ? {} : { via }),
    ...(note === undefined ? {} : { note }),
  };
}
