// Plain text, stored exactly as it was sent. Clients show it as text; only the preview is made fit for a
// notification.
import { defineMessageType, previewLine, visibleText, z } from '@belfry/plugin-kit';

/** In UTF-16 units, as every JavaScript client counts. */
const longestChars = 10_000;

export default defineMessageType({
  id: 'text',
  version: 1,
  displayName: 'Text',
  description: 'Plain text of up to 10,000 characters.',
  schema: z.strictObject({ text: visibleText(longestChars) }),
  limits: { bytes: 32 * 1024 },
  preview: ({ text }) => ({ body: previewLine(text) }),
});
