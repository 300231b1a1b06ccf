// Messages of the application itself in a conversation: "Carol joined". A back end, a hook or the console may
// send them, never an end user.
import { defineMessageType, previewLine, visibleText, z } from '@belfry/plugin-kit';
import type { SenderWay } from '@belfry/plugin-kit';

/** Ways that carry an end user's own token. */
const endUserWays: readonly SenderWay[] = ['socket', 'http-user'];

export default defineMessageType({
  id: 'system',
  version: 1,
  displayName: 'System',
  description: 'Written by the back end into a conversation; end users cannot send it.',
  schema: z.strictObject({
    text: visibleText(2000).meta({ description: 'Shown where the client knows nothing better for the code.' }),
    code: z
      .string()
      .regex(/^[a-z][a-z0-9_.-]{0,63}$/, 'must be a name such as participant_joined')
      .optional()
      .meta({ description: 'What happened, for clients that word or translate it themselves.' }),
    params: z
      .record(z.string().min(1).max(64), z.union([z.string().max(500), z.number(), z.boolean()]))
      .refine((params) => Object.keys(params).length <= 20, 'must have at most 20 entries')
      .optional()
      .meta({ description: 'What the wording needs, such as a name.' }),
  }),
  limits: { bytes: 16 * 1024 },
  preview: ({ text }) => ({ body: previewLine(text) }),
  accept: (_draft, { via }) =>
    endUserWays.includes(via) ? { refused: 'Only the application itself sends system messages.' } : true,
});
