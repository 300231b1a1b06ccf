// A picture that was uploaded before, with a caption. Clients make it smaller and show it.
import { defineMessageType, previewLine, z } from '@belfry/plugin-kit';

const pixels = z.int().min(1).max(100_000);

export default defineMessageType({
  id: 'image',
  version: 1,
  displayName: 'Image',
  description: 'A picture that was uploaded, with a caption of up to 2,000 characters.',
  schema: z.strictObject({
    uploadId: z.uuid(),
    caption: z.string().min(1).max(2000).optional(),
    width: pixels.optional().meta({ description: 'So that a client can leave room before it has the picture.' }),
    height: pixels.optional(),
    name: z.string().min(1).max(255).optional().meta({ description: "The upload's own name." }),
    type: z.string().max(255).optional().meta({ description: "The upload's own type." }),
    bytes: z.int().min(0).optional().meta({ description: "The upload's own size." }),
  }),
  limits: { bytes: 16 * 1024 },
  feature: 'file_upload',
  preview({ caption }, { locale }) {
    const word = locale.toLowerCase().startsWith('zh') ? '[图片]' : '[Image]';
    return { body: caption === undefined ? word : `${word} ${previewLine(caption)}`.trim() };
  },
  uploads: ({ uploadId, name, type, bytes }) => [
    { uploadId, types: ['image/*'], path: ['uploadId'], says: { name, type, bytes } },
  ],
});
