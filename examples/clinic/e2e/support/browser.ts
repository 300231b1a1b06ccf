// Debian's Chromium for one test file, and windows in it that note what no page of ours may do. What people do in a window is clinic-window.ts.
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';

export interface TestBrowser {
  /** A profile of its own: cookies, storage and network are shared with no other. */
  newProfile(options?: BrowserContextOptions): Promise<Profile>;
  close(): Promise<void>;
}

export interface Profile {
  newPage(): Promise<WatchedPage>;
  setOffline(isOffline: boolean): Promise<void>;
}

export interface WatchedPage {
  page: Page;
  /** Errors in the console, and exceptions nobody caught. */
  errors: string[];
  /** WebSockets that were attempted. */
  webSockets: string[];
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
];

export async function launchBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: flags,
  });
  return {
    async newProfile(options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'light', ...options });
      return {
        newPage: async () => watch(await context.newPage()),
        setOffline: (isOffline) => context.setOffline(isOffline),
      };
    },
    close: () => browser.close(),
  };
}

function watch(page: Page): WatchedPage {
  const errors: string[] = [];
  const webSockets: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('websocket', (socket) => webSockets.push(socket.url()));
  return { page, errors, webSockets };
}
