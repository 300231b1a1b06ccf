// What the keyboard reaches is seen whole. Browsers leave what shows a little of itself where it is, below a bar or at the
// edge of a region that is scrolled; how much of a region others cover is its scroll-padding. Of all screens at once:
// the root layout calls this.
export function keepInView({ target }: FocusEvent): void {
  if (!(target instanceof HTMLElement) || !target.matches(':focus-visible')) return;
  target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
