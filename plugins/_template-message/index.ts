// Messages of type Template: what they hold, and how they read in a notification. Storing and sending is the host's.
import { defineMessageType, z } from '@belfry/plugin-kit';

export default defineMessageType({
  id: 'template',
  version: 1,
  displayName: 'Template',
  description: 'Messages of type Template.',
  schema: z.strictObject({
    label: z.string().min(1).max(80),
    url: z.url({ protocol: /^https$/ }).optional(),
  }),
  limits: { bytes: 8 * 1024 },
  preview: ({ label }, { locale }) => ({ body: locale.startsWith('zh') ? `[链接] ${label}` : `[Link] ${label}` }),
});
