// Themes in words.
import { m } from '#texts';
import type { Theme } from './look.svelte.ts';

export function themeName(theme: Theme): string {
  return { system: m.theme_system, light: m.theme_light, dark: m.theme_dark }[theme]();
}
