// A page of the console that reports everything a page should never do: errors, broken policies, answers of 500
// and above, requests to anybody else, and a button that changes something and would do so while the server is away.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { expect } from 'vitest';
import { asks } from '../../src/lib/api/is-write.ts';

export interface Watched {
  page: Page;
  context: BrowserContext;
  /** Every address that was asked for, with its fragment as the page had it. */
  requests: string[];
  /** Fails with what the page did that it should not. */
  expectQuiet: () => Promise<void>;
}

/** `allowed`: lines of the browser's console that the test provokes. */
export interface WatchOptions extends BrowserContextOptions {
  url: string;
  allowed?: RegExp;
}

/**
 * What need not wait for the server, though it changes something: what is sent while nobody is signed in, since a page
 * that is not there yet has nothing to keep; and what the parts of the playground send, which say the absence themselves.
 */
const notHeld = /\/(?:tokens?|playground\/conversation)$|\/admin\/api\/(?:setup|session|invitations|reset)/;

/**
 * Runs in the page. What a click sends is sent before the page does anything else. A toast is no button of ours: what it
 * takes back waits by itself.
 */
function watchButtons(paths: string): void {
  const isFree = new RegExp(paths);
  let pressed: Element | undefined;
  addEventListener(
    'click',
    ({ target }) => {
      const isOurs = target instanceof Element && target.closest('[data-sonner-toast]') === null;
      pressed = isOurs ? (target.closest('button, [role="menuitem"]') ?? undefined) : undefined;
      setTimeout(() => (pressed = undefined));
    },
    true,
  );
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    const { method, url } = input instanceof Request ? input : new Request(input, init);
    const { pathname } = new URL(url);
    const isWrite = method !== 'GET' && pathname.includes('/admin/api/') && !isFree.test(pathname);
    if (isWrite && pressed !== undefined && !(pressed instanceof HTMLElement && 'writes' in pressed.dataset)) {
      console.error(`"${pressed.textContent.trim()}" sends ${method} ${pathname}, and does not say that it writes`);
    }
    return fetch(input, init);
  };
}

export async function openWatched(browser: Browser, { url, allowed, ...options }: WatchOptions): Promise<Watched> {
  const context = await browser.newContext({
    locale: 'en-GB',
    colorScheme: 'light',
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  const findings: string[] = [];
  const requests: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener(
      'securitypolicyviolation',
      ({ violatedDirective, blockedURI, sample, sourceFile, lineNumber }) => {
        console.error(`policy: ${violatedDirective} ${blockedURI} ${sample} ${sourceFile}:${lineNumber}`);
      },
    );
  });
  await context.addInitScript(watchButtons, `${asks.source}|${notHeld.source}`);
  const origin = new URL(url).origin;
  context.on('request', (request) => {
    requests.push(request.url());
    const { protocol, origin: asked } = new URL(request.url());
    if (asked !== origin && protocol !== 'blob:' && protocol !== 'data:')
      findings.push(`asked elsewhere: ${request.url()}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 500) findings.push(`${response.status()} of ${response.url()}`);
  });
  context.on('weberror', (error) => findings.push(`error: ${error.error().stack ?? error.error().message}`));
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type()) || allowed?.test(message.text())) return;
    findings.push(`console: ${message.text()} ${message.location().url}`);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return {
    ...{ page, context, requests },
    async expectQuiet() {
      // One turn of the page, in which reports arrive.
      await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(resolve))).catch(() => undefined);
      expect(findings, findings.join('\n')).toEqual([]);
    },
  };
}
