// The content of a page policy. Which one a path falls under: page-resolution.ts; storing and changing them
// is the server's.
import * as z from 'zod';
import { featureSchema } from './feature-name.ts';
import { timestampSchema } from './ids.ts';
import { roleSchema } from './messages.ts';
import { normalizePath, segmentsOf } from './page-path.ts';

/** `/chat`, `/chat/:id`, `/admin/*`, or `default` for every page that nothing else matches. */
export const patternSchema = z
  .string()
  .max(512)
  .superRefine((pattern, context) => {
    const problem = patternProblem(pattern);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const policyFields = {
  pattern: patternSchema,
  enabled: z.boolean(),
  requireAuth: z.boolean(),
  autoConnect: z.boolean(),
  connectionType: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ -'),
  features: z.array(featureSchema).max(64),
};

/** A topic, or `prefix*` for all that begin so. */
const topicPatternSchema = z
  .string()
  .regex(/^(?!$)[A-Za-z0-9._:@-]{0,128}\*?$/, 'must be a topic, or the beginning of topics and a star, such as ward-*')
  .meta({
    description: 'A topic, or the beginning of topics and a star.',
    example: 'ward-*',
    pattern: String.raw`^[A-Za-z0-9._:@-]{0,128}\*?$`,
    minLength: 1,
  });

/** Rules that the server alone goes by; clients do not get them. */
const ruleFields = {
  /** One of them must be among the `roles` of the token; left out, every user will do. */
  requireRoles: z.array(roleSchema).min(1).max(32).optional(),
  /** Connections of the page may subscribe to these, beside the topics that the token names. */
  topics: z.array(topicPatternSchema).max(64).optional(),
  /** These too, and users are shown to each other in them. */
  presenceTopics: z.array(topicPatternSchema).max(64).optional(),
  /**
   * The users whose presence connections of the page get; `shared`, when left out: users in a conversation of
   * theirs.
   */
  presence: z.enum(['shared', 'everyone']).optional(),
};

/** A page policy as a person or a provision file writes it. */
export const pagePolicyInputSchema = z
  .strictObject({
    ...policyFields,
    ...ruleFields,
    // Only where one is written: one of an earlier version can still be named, and taken away.
    pattern: patternSchema.refine((pattern) => !hasNameTwice(pattern), 'must not have two parameters of one name'),
    requireAuth: policyFields.requireAuth.default(true),
    autoConnect: policyFields.autoConnect.default(true),
    connectionType: policyFields.connectionType.default('default'),
    features: policyFields.features.default([]),
  })
  .refine(({ requireRoles, requireAuth }) => requireRoles === undefined || requireAuth, {
    message: 'needs requireAuth: visitors have no roles',
    path: ['requireRoles'],
  });
export type PagePolicyInput = z.infer<typeof pagePolicyInputSchema>;

/**
 * A policy as anybody may read it, and as a connection is sent it: in the `connect` and `page` answers, and
 * in `page_config_changed`.
 */
export const wirePagePolicySchema = z.object({ ...policyFields, version: z.int().min(0) });
export type WirePagePolicy = z.infer<typeof wirePagePolicySchema>;

/** A policy with all that the server goes by. */
export const servedPagePolicySchema = wirePagePolicySchema.extend(ruleFields).meta({ id: 'ServedPagePolicy' });
export type ServedPagePolicy = z.infer<typeof servedPagePolicySchema>;

/** A policy as it is stored: with who changed it last, and when. */
export const pagePolicySchema = servedPagePolicySchema
  .extend({
    updatedAt: timestampSchema,
    updatedBy: z.string().max(256),
  })
  .meta({ id: 'PagePolicy' });
export type PagePolicy = z.infer<typeof pagePolicySchema>;

function hasNameTwice(pattern: string): boolean {
  const names = segmentsOf(pattern).filter((segment) => segment.startsWith(':'));
  return new Set(names).size < names.length;
}

function patternProblem(pattern: string): string | undefined {
  if (pattern === 'default') return undefined;
  if (!pattern.startsWith('/')) return 'must begin with / or be the word default';
  const canonical = normalizePath(pattern);
  if (canonical !== pattern) return `must be written as ${canonical}`;
  const segments = segmentsOf(pattern);
  for (const [index, segment] of segments.entries()) {
    if (segment.startsWith(':') && !/^:[A-Za-z_][A-Za-z0-9_]*$/.test(segment))
      return 'a parameter is a colon and a name, such as :id';
    if (segment.includes('*') && (segment !== '*' || index !== segments.length - 1))
      return 'a star may only be the last segment';
  }
  return undefined;
}
