// A voice note that was uploaded before, with its length. Clients record and play it.
import { defineMessageType, z } from '@belfry/plugin-kit';

const longestMs = 3_600_000;

export default defineMessageType({
  id: 'voice',
  version: 1,
  displayName: 'Voice',
  description: 'A voice note that was uploaded, of up to an hour.',
  schema: z.strictObject({
    uploadId: z.uuid(),
    durationMs: z.int().min(1).max(longestMs),
    waveform: z
      .array(z.int().min(0).max(100))
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Loudness over its length, 0 to 100, for a picture of it.' }),
    type: z.string().max(255).optional().meta({ description: "The upload's own type." }),
    bytes: z.int().min(0).optional().meta({ description: "The upload's own size." }),
  }),
  limits: { bytes: 4 * 1024 },
  feature: 'voice_note',
  preview({ durationMs }, { locale }) {
    const word = locale.toLowerCase().startsWith('zh') ? '[语音]' : '[Voice]';
    return { body: `${word} ${clock(durationMs)}` };
  },
  uploads: ({ uploadId, type, bytes }) => [{ uploadId, types: ['audio/*'], path: ['uploadId'], says: { type, bytes } }],
});

/** Minutes and seconds; the shortest note is a second long. */
function clock(durationMs: number): string {
  const seconds = Math.max(1, Math.round(durationMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
