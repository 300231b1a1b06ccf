// Tells Svelte's type checker of `<belfry-status>`, and the page of the element. Svelte sets its properties
// by itself.
import type {} from 'svelte/elements';
import type { BelfryStatus, StatusTexts } from '../element/index.ts';
import '../element/index.ts';
import type { Belfry } from '../types.ts';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'belfry-status': HTMLAttributes<BelfryStatus> & { belfry?: Belfry; texts?: StatusTexts; compact?: boolean };
  }
}
