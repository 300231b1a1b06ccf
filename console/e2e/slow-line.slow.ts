// The console over a line as slow as 3G: how long until the shell is there and takes keys. What bounds it on any machine,
// files and bytes, is in slow-line.test.ts.
import type { Browser, BrowserContext, Page } from 'playwright';
import { expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { setUp, startConsoleServer } from './support/console-server.ts';
import { openWatched, type Watched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000 });

const line = { offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 };
/** Of the line alone: a machine that is busy is slow, not wrong. */
const mostMs = 5000;

interface Visit {
  url: string;
  enter: (context: BrowserContext) => Promise<void>;
}

/** With nothing in the cache. How long it takes until the shell is there, ms. */
async function visit(browser: Browser, { url, enter }: Visit, slow: boolean): Promise<Watched & { afterMs: number }> {
  const watched = await openWatched(browser, { url });
  const { page, context } = watched;
  await enter(context);
  await markShell(page);
  if (slow) {
    const network = await context.newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', line);
  }
  await page.goto(`${url}/console/a/demo/overview`, { waitUntil: 'commit', timeout: 60_000 });
  await page.locator('nav a[href$="/members"]').first().waitFor({ timeout: 60_000 });
  const afterMs = await page.evaluate(() => performance.getEntriesByName('shell')[0]?.startTime ?? Infinity);
  return { ...watched, afterMs };
}

/** It asks for what it says: `g` and a letter go somewhere as soon as somebody listens. */
async function markShell(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector('nav a[href$="/members"]') === null) return;
      observer.disconnect();
      performance.mark('shell');
    }).observe(document, { childList: true, subtree: true });
  });
}

it('over a line of 400 kbit/s and 400 ms an uncached shell takes keys at most five seconds later than without it', async () => {
  const [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  try {
    const { enter } = await setUp(server);
    const fast = await visit(browser, { url: server.url, enter }, false);
    await fast.context.close();
    const { page, afterMs, expectQuiet } = await visit(browser, { url: server.url, enter }, true);
    expect(fast.afterMs).toBeLessThan(mostMs);
    expect(afterMs - fast.afterMs).toBeLessThan(mostMs);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ timeout: 60_000 });
    await expectQuiet();
  } finally {
    await browser.close();
    await server.stop();
  }
});
