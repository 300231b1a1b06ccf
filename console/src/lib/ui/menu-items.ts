// What a menu is given, by whoever shows one.
import type { Snippet } from 'svelte';

export interface MenuItem {
  text: string;
  onselect: () => void;
  isDangerous?: boolean;
  isDisabled?: boolean;
  isChosen?: boolean;
  hint?: string;
  /** Asks the server for something that is not asked for again: waits while it is away, and says so. */
  needsServer?: boolean;
}

export interface MenuProps {
  /** What the button is for, for those who do not see it. */
  name: string;
  items: MenuItem[];
  trigger: Snippet;
  head?: Snippet;
  align?: 'start' | 'end';
  class?: string;
  side?: 'top' | 'bottom';
  /** A single key that opens it from anywhere on the screen. */
  opensBy?: string;
}

/** Of the button that opens it. */
export const triggerClass =
  'inline-flex min-h-8 items-center gap-2 rounded-control px-2 text-body hover:bg-raised pointer-coarse:min-h-11';
