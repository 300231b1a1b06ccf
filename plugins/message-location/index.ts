// A place on the map. Clients choose the map; no address is looked up.
import { defineMessageType, previewLine, z } from '@belfry/plugin-kit';

const line = z.string().trim().min(1).max(300);

export default defineMessageType({
  id: 'location',
  version: 1,
  displayName: 'Location',
  description: 'A place: latitude and longitude (WGS 84), a name and an address.',
  schema: z.strictObject({
    latitude: z.number().min(-90).max(90).meta({ description: 'Degrees, WGS 84.' }),
    longitude: z.number().min(-180).max(180).meta({ description: 'Degrees, WGS 84.' }),
    accuracyMetres: z.number().min(0).max(100_000).optional(),
    name: line.optional(),
    address: line.optional(),
  }),
  limits: { bytes: 4 * 1024 },
  preview({ name, address }, { locale }) {
    const word = locale.toLowerCase().startsWith('zh') ? '[位置]' : '[Location]';
    return { body: `${word} ${previewLine(name ?? address ?? '')}`.trim() };
  },
});
