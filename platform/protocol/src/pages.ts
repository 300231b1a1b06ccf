// The content of a page policy. Which one a path falls under: page-resolution.ts; storing and changing them
// is the server's.
import * as z from 'zod';
import { featureSchema } from './feature-name.ts';
import { timestampSchema } from './ids.ts';
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

/** A page policy as a person or a provision file writes it. */
export const pagePolicyInputSchema = z.strictObject({
  ...policyFields,
  requireAuth: policyFields.requireAuth.default(true),
  autoConnect: policyFields.autoConnect.default(true),
  connectionType: policyFields.connectionType.default('default'),
  features: policyFields.features.default([]),
});
export type PagePolicyInput = z.infer<typeof pagePolicyInputSchema>;

/** A policy as a connection is sent it: in the `connect` and `page` answers, and in `page_config_changed`. */
export const wirePagePolicySchema = z.object({ ...policyFields, version: z.int().min(0) });
export type WirePagePolicy = z.infer<typeof wirePagePolicySchema>;

/** A policy as it is stored: with who changed it last, and when. */
export const pagePolicySchema = wirePagePolicySchema.extend({
  updatedAt: timestampSchema,
  updatedBy: z.string().max(256),
});
export type PagePolicy = z.infer<typeof pagePolicySchema>;

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
