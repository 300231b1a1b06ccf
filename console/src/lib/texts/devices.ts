// The sorts of devices in words.
import { m } from '#texts';

export type DeviceName = 'desktop' | 'mobile' | 'tablet';

const words: { [D in DeviceName]: () => string } = {
  desktop: () => m.see_device_desktop(),
  mobile: () => m.see_device_mobile(),
  tablet: () => m.see_device_tablet(),
};

export function deviceWord(type: string): string {
  return new Map(Object.entries(words)).get(type)?.() ?? type;
}
