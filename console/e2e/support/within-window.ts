// Whether a screen fits its window: nothing can be scrolled to beside it, and each control that the keyboard reaches is
// seen once it has the focus.
import type { CDPSession, Page } from 'playwright';

/** In CSS pixels. */
export interface WindowSize {
  width: number;
  height: number;
  /** 2: a window of twice the size, at 200 %. */
  zoom?: number;
}

export async function resizeTo(page: Page, cdp: CDPSession, { width, height, zoom = 1 }: WindowSize): Promise<void> {
  const metrics = { width, height, deviceScaleFactor: zoom, mobile: false };
  await cdp.send('Emulation.setDeviceMetricsOverride', metrics);
  // Whatever follows the size has followed.
  await page.evaluate(() => new Promise((done) => void requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** What lies to the right of the window and can be scrolled to. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map(({ tagName, className, textContent }) => `${tagName}.${className} ${textContent.slice(0, 40)}`);
  });
}

/** Controls that are outside of the window, cut off or below something else while they have the focus. */
export async function hiddenControls(page: Page): Promise<string[]> {
  // The focus goes as by keys.
  await page.keyboard.press('Shift');
  return await page.evaluate(() => {
    // Rows and cells are reached by arrows.
    const reached =
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"]), [data-row], [data-cell]';
    /** What was opened over others, and closes at Escape: the topmost has the keyboard. */
    const overs = document.querySelectorAll('aside:has(> header), [role=dialog], [role=menu], [data-popover-content]');
    const before = document.activeElement;
    const hidden: string[] = [];
    for (const control of ([...overs].at(-1) ?? document).querySelectorAll<HTMLElement>(reached)) {
      if (control.tabIndex < 0 && !control.matches('[data-row], [data-cell]')) continue;
      if (control.matches(':disabled') || !control.checkVisibility()) continue;
      if (control.closest('[inert], [aria-hidden=true]') !== null) continue;
      control.focus();
      if (document.activeElement !== control) continue;
      const why = whyHidden(control);
      if (why === undefined) continue;
      const name = control.ariaLabel ?? (control.textContent.trim() || control.outerHTML);
      hidden.push(`${control.tagName} ${name.slice(0, 80)}: ${why}`);
    }
    if (before instanceof HTMLElement) before.focus();
    return hidden;

    function whyHidden(control: HTMLElement): string | undefined {
      // A choice that is drawn by its label is seen there.
      const own = control.getBoundingClientRect();
      const shown = own.width < 4 || own.height < 4 ? control.closest('label') : control;
      if (shown === null) return 'without a size';
      const { left, right, top, bottom } = shown.getBoundingClientRect();
      const region = regionOf(shown);
      // What is larger than that is scrolled within.
      const [isWide, isHigh] = [right - left > region.right - region.left, bottom - top > region.bottom - region.top];
      if (!isWide && (left < region.left - 1 || right > region.right + 1))
        return `from ${left} to ${right} in ${region.left} to ${region.right}`;
      if (!isHigh && (top < region.top - 1 || bottom > region.bottom + 1))
        return `from ${top} to ${bottom} down in ${region.top} to ${region.bottom}`;
      if (getComputedStyle(shown).display === 'inline') return undefined;
      const [from, to] = [Math.max(left, region.left) + 3, Math.min(right, region.right) - 3];
      const middle = (Math.max(top, region.top) + Math.min(bottom, region.bottom)) / 2;
      for (const x of [from, (from + to) / 2, to]) {
        const there = document.elementFromPoint(x, middle);
        // Its own button may be in a field.
        if (there === null || shown.contains(there) || shown.parentElement?.contains(there) === true) continue;
        if (there.contains(shown) || there.closest('[role=listbox], [role=tooltip]') !== null) continue;
        return `${there.tagName}.${there.getAttribute('class')?.slice(0, 60)} is above it at ${x}, ${middle}`;
      }
      return undefined;
    }

    /** The part of the window in which it can be seen: of a region that is scrolled sideways, that region. */
    function regionOf(shown: HTMLElement): Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'> {
      const whole = { left: 0, right: innerWidth, top: 0, bottom: innerHeight };
      for (let each = shown.parentElement; each !== null; each = each.parentElement) {
        if (!['auto', 'scroll'].includes(getComputedStyle(each).overflowX) || each.scrollWidth <= each.clientWidth)
          continue;
        const { left, right } = each.getBoundingClientRect();
        return { ...whole, left: Math.max(0, left), right: Math.min(innerWidth, right) };
      }
      return whole;
    }
  });
}
