// A file that was uploaded before. The app's settings say what may be uploaded; clients open it.
import { defineMessageType, previewLine, z } from '@belfry/plugin-kit';

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
    return { body: `${word} ${previewLine(name)}`.trim() };
  },
  uploads: ({ uploadId, name, type, bytes }) => [
    { uploadId, types: ['*'], path: ['uploadId'], says: { name, type, bytes } },
  ],
});
