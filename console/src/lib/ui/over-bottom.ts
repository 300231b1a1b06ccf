// A bar that lies over the foot of the screen: what gets the focus is scrolled to above it. Where the bottom bar and the
// header lie is in app.css.
import type { Attachment } from 'svelte/attachments';

const gapPx = 8;

export const overBottom: Attachment<HTMLElement> = (bar) => {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => style.setProperty('--over-bottom', `${bar.offsetHeight + gapPx}px`));
  observer.observe(bar);
  return () => {
    observer.disconnect();
    style.removeProperty('--over-bottom');
  };
};
