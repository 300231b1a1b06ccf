// Messages of type Template: their content, and how it reads in a notification. The host stores and sends them.
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
