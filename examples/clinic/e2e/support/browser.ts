// Chromium for one test file, and windows in it that record errors and WebSockets. The steps of people in a
// window: clinic-window.ts.
import type { BrowserContext, BrowserContextOptions, Page, Route } from 'playwright';
import { launchChromium } from '../../../../scripts/launch-chromium.ts';

export interface TestBrowser {
  /** A profile of its own: storage and network are shared with no other. */
  newProfile(options?: ProfileOptions): Promise<Profile>;
  close(): Promise<void>;
}

export interface ProfileOptions extends BrowserContextOptions {
  /**
   * As if the server told its clients to come back after some 50 ms instead of 2 s: for tests with many
   * reconnects.
   */
  comesBackFast?: boolean;
  /** While it is on, messages are answered as the server refuses them, and do not reach it. */
  refusal?: { isOn: boolean };
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

export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await launchChromium({ fakeMedia: true });
  return {
    async newProfile({ comesBackFast = false, refusal, ...options } = {}) {
      const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'light', ...options });
      if (comesBackFast) await context.route('**/api/v1/pages?*', answerFastReconnect);
      if (refusal !== undefined) await refuseMessages(context, refusal);
      return {
        newPage: async () => watch(await context.newPage()),
        setOffline: (isOffline) => context.setOffline(isOffline),
      };
    },
    close: () => browser.close(),
  };
}

async function refuseMessages(context: BrowserContext, refusal: { isOn: boolean }): Promise<void> {
  await context.routeWebSocket(/\/ws\?/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      const { id, action } = JSON.parse(String(frame)) as { id?: number; action: string };
      const error = { code: 'forbidden', message: 'Not now.', retry: 'never' };
      if (refusal.isOn && action === 'message') socket.send(JSON.stringify({ id, ok: false, error }));
      else server.send(frame);
    });
  });
}

async function answerFastReconnect(route: Route): Promise<void> {
  // While the server is away there is no answer to change.
  const response = await route.fetch().catch(() => undefined);
  if (response === undefined) {
    await route.abort();
    return;
  }
  const answer = (await response.json()) as { client: Record<string, number> };
  const client = { ...answer.client, reconnectBaseMs: 50, reconnectMaxMs: 200, reconnectMaxAttempts: 10_000 };
  await route.fulfill({ response, json: { ...answer, client } });
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
