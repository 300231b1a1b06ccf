// A file that was uploaded before. What may be uploaded is the app's setting; opening it is the client's.
import { defineMessageType, z } from '@belfry/plugin-kit';

/** More than any lock screen shows. In UTF-16 units. */
const previewChars = 200;

export default defineMessageType({
  id: 'file',
  version: 1,
  displayName: 'File',
  description: 'A file that was uploaded, under its own name.',
  schema: z.strictObject({
    uploadId: z.uuid(),
    name: z
      .string()
      .min(1)
      .max(255)
      .meta({ description: "The upload's own name, as the answer to the upload tells it." }),
    type: z.string().max(255).optional().meta({ description: "The upload's own type." }),
    bytes: z.int().min(0).optional().meta({ description: "The upload's own size." }),
    caption: z.string().min(1).max(2000).optional(),
  }),
  limits: { bytes: 16 * 1024 },
  feature: 'file_upload',
  preview({ name }, { locale }) {
    const word = locale.toLowerCase().startsWith('zh') ? '[文件]' : '[File]';
    return { body: `${word} ${oneLine(name)}`.trim() };
  },
  uploads: ({ uploadId, name, type, bytes }) => [
    { uploadId, types: ['*'], path: ['uploadId'], says: { name, type, bytes } },
  ],
});

function oneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length <= previewChars
    ? line
    : `${line
        .slice(0, previewChars - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;
}
