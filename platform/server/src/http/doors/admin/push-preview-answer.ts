// The form of a notification as it would read, in answers. Making it: notifications/sending/push-previews.ts.

import * as z from 'zod';

export const pushPreviewSchema = z
  .object({
    ...{ title: z.string(), body: z.string() },
    /** As each provider of the app would get it, within its limits. */
    perProvider: z.array(
      z.object({
        ...{ provider: z.string(), plugin: z.string(), state: z.enum(['on', 'off', 'paused']) },
        ...{ title: z.string(), body: z.string(), cut: z.boolean() },
      }),
    ),
  })
  .meta({ id: 'PushPreview' });
