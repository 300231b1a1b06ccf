// Goes through all screens of the navigation as it is for whoever has the page, and expects that each of them is for
// them. What else the page did is the caller's to look at.
import type { Page } from 'playwright';
import { expect } from 'vitest';

/** From a screen with a list. */
export async function openEveryScreen(page: Page): Promise<void> {
  await page.locator('[data-row]').first().waitFor();
  const links = page.getByRole('navigation', { name: 'Screens', exact: true }).getByRole('link');
  const all = await links.evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).href));
  expect(all.length).toBeGreaterThan(10);
  for (const href of all) {
    await page.goto(href);
    await page.getByRole('heading', { level: 1 }).waitFor();
    // What the screen asks for at first was asked for; what comes later, comes every few seconds.
    await page.locator('[data-live="live"]').waitFor();
    for (const each of await page.getByRole('status', { name: 'Loading' }).all())
      await each.waitFor({ state: 'detached' });
    expect(await page.getByText('may not see this').count(), href).toBe(0);
    expect(await page.getByRole('heading', { name: 'There is no such thing here' }).count(), href).toBe(0);
  }
}
