// The parts of an app's settings, in their order, and who may change them. Each is a component of this
// folder.
import Gauge from '@lucide/svelte/icons/gauge';
import Globe from '@lucide/svelte/icons/globe';
import KeyRound from '@lucide/svelte/icons/key-round';
import Settings2 from '@lucide/svelte/icons/settings-2';
import Signature from '@lucide/svelte/icons/signature';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import type { Component } from 'svelte';
import type { Role } from '#lib/api/shapes.ts';
import { m } from '#texts';

export const sectionIds = ['general', 'keys', 'signing', 'origins', 'limits', 'danger'] as const;
export type SectionId = (typeof sectionIds)[number];

export interface Section {
  id: SectionId;
  title: () => string;
  /** One line of what is there. */
  text: () => string;
  icon: Component<{ size?: number; 'aria-hidden'?: 'true'; class?: string }>;
  /** Others do not see it. */
  needs: Role;
}

export const sections: readonly Section[] = [
  { id: 'general', title: () => m.set_general(), text: () => m.set_general_text(), icon: Settings2, needs: 'viewer' },
  { id: 'keys', title: () => m.set_keys(), text: () => m.set_keys_text(), icon: KeyRound, needs: 'admin' },
  {
    id: 'signing',
    title: () => m.set_signing(),
    text: () => m.set_signing_text(),
    icon: Signature,
    needs: 'developer',
  },
  { id: 'origins', title: () => m.set_origins(), text: () => m.set_origins_text(), icon: Globe, needs: 'viewer' },
  { id: 'limits', title: () => m.set_limits(), text: () => m.set_limits_text(), icon: Gauge, needs: 'viewer' },
  { id: 'danger', title: () => m.set_danger(), text: () => m.set_danger_text(), icon: TriangleAlert, needs: 'admin' },
];

export function isSection(id: string | undefined): id is SectionId {
  return sectionIds.some((each) => each === id);
}
