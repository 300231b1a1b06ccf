// The references of a content to uploads. Whether these exist, and are the sender's, the host checks.
import { z } from 'zod';

/** One upload that a content refers to. */
export interface UploadReference {
  readonly uploadId: string;
  /** Types that it may have: `image/png`, `image/*`, or `*` for any. */
  readonly types: readonly string[];
  /** Leads to the id within the content, so that a refusal can point at it. */
  readonly path: readonly (string | number)[];
  /**
   * Facts about the upload in fields beside the id. The host refuses a content whose facts are wrong, so that
   * clients can show them without asking.
   */
  readonly says?:
    | { readonly name?: string | undefined; readonly type?: string | undefined; readonly bytes?: number | undefined }
    | undefined;
}

/** Reads the answer of `uploads`; a content refers to 20 uploads at most. */
export const uploadReferencesSchema: z.ZodType<readonly UploadReference[]> = z
  .array(
    z.strictObject({
      uploadId: z.uuid(),
      types: z
        .array(z.string().regex(/^(?:\*|[a-z]+\/(?:\*|[a-z0-9][a-z0-9.+-]*))$/, 'must be image/png, image/* or *'))
        .min(1)
        .max(50),
      path: z.array(z.union([z.string(), z.number()])).min(1),
      says: z
        .strictObject({ name: z.string().optional(), type: z.string().optional(), bytes: z.number().optional() })
        .optional(),
    }),
  )
  .max(20);
