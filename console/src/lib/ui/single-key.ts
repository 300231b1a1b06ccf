// Whether a key that is pressed alone is for the screen: nobody types, no dialog or menu is open, it is no second
// letter after `g`, and the person has not switched single keys off. What a key does: whoever listens.
import { look } from '#lib/shell/look.svelte.ts';

const secondLetterWithinMs = 1500;
let goingUntilMs = 0;

/** `g` was pressed: the next letter says where to. */
export function beginGoing(): void {
  goingUntilMs = Date.now() + secondLetterWithinMs;
}

/** Whether this is the letter after a `g`; it is so once. */
export function endGoing(): boolean {
  const isGoing = Date.now() < goingUntilMs;
  goingUntilMs = 0;
  return isGoing;
}

export function isForScreen(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target as HTMLElement;
  if (target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]')) return false;
  return document.querySelector('[role="dialog"], [role="menu"], [data-popover-content]') === null;
}

/** Keys that are letters or signs. */
export function isSingleKey(event: KeyboardEvent): boolean {
  return look.singleKeys && isForScreen(event) && Date.now() >= goingUntilMs;
}
