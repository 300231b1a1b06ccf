// How wide a column of times is: exact ones are written whole.
import { look } from '#lib/shell/look.svelte.ts';

/** `relative`: of how long ago it is. */
export function timeWidth(relative: string): string {
  return look.exactTimes ? '190px' : relative;
}
