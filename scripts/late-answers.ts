// Makes what pages of a browser ask for late, each by another time, as over a bad line: a test that passes only
// because its machine is fast fails then. Asked for with LATE_ANSWERS_MS (CONTRIBUTING.md).
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright';

/** Files of the page are many, and are kept: a few of them are enough. */
const files: ReadonlySet<string> = new Set(['script', 'stylesheet', 'font', 'image']);
const shareOfFiles = 0.15;

/** Half of all requests wait `mostMs` milliseconds, the others a time below that. */
export function makeAnswersLate(browser: Browser, mostMs: number): void {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    await context.route(/./, async (route) => {
      const isFile = files.has(route.request().resourceType());
      if (!isFile || Math.random() < shareOfFiles) await sleep(Math.random() < 0.5 ? mostMs : Math.random() * mostMs);
      // Its page may be gone.
      await route.fallback().catch(() => undefined);
    });
    return context;
  };
}
