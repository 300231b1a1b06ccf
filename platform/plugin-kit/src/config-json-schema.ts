// The JSON Schema of what a person fills in, for the console's forms and the API document. Input is validated
// by the parse of the schema, not here.
import { z } from 'zod';

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * JSON Schema (2020-12) of a schema's input, with the fields of `.meta()` as keywords: `title`,
 * `description`, `secret`.
 * @throws Error where the schema holds something JSON cannot, such as a Date, a bigint or `z.custom`
 */
export function configJsonSchema(schema: z.ZodType): JsonSchema {
  return { ...z.toJSONSchema(schema, { io: 'input' }) };
}
