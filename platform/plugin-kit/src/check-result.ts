// The answer of a provider's `check` about its configuration, and how the host reads it.
import { z } from 'zod';

export const checkResultSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), detail: z.string().optional() }),
  z.object({ ok: z.literal(false), detail: z.string() }),
]);

/** `detail` is shown to the tenant: say what to do about it. It must hold no secret. */
export type CheckResult = Readonly<z.infer<typeof checkResultSchema>>;
