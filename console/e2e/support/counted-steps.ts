// Counts what a person does on a page: clicks, and keys that are a step of their own (Enter, and letters with Ctrl). A
// word that is typed belongs to the Enter that takes it.
import type { Page } from 'playwright';

export interface Steps {
  clicks: number;
  keys: number;
}

/** A text, since what runs in the page knows other names than this program. */
const count = `{
  const steps = { clicks: 0, keys: 0 };
  window.belfrySteps = steps;
  addEventListener('click', (event) => {
    // Enter on a button makes a click too, of which no pointer knows.
    if (event.isTrusted && event.detail > 0) steps.clicks += 1;
  }, true);
  addEventListener('keydown', ({ key, ctrlKey }) => {
    if (key === 'Enter' || (ctrlKey && key.length === 1)) steps.keys += 1;
  }, true);
}`;

/** From now on, as long as the page is not loaded anew; what is returned says how many there were. */
export async function countSteps(page: Page): Promise<() => Promise<Steps>> {
  await page.evaluate(count);
  return async () => await page.evaluate<Steps>('window.belfrySteps');
}
