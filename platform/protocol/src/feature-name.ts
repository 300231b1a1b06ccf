// The names that a feature may have. Which ones are built in, and what they allow: features.ts.
import * as z from 'zod';

/** Built in, or declared by a plugin or a tenant's kind. */
export const featureSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/, 'must be a name such as typing_indicator')
  .max(64);
