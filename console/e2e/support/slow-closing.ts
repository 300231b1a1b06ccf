// Closing many connections, slowly enough to be stopped on the way, however slow the machine is.
import type { Page } from 'playwright';

const perSecond = 10;

/** From now on what the page asks to close goes at this pace, instead of the console's hundred a second. */
export async function closeSlowly(page: Page): Promise<void> {
  await page.route('**/connections/close', async (route) => {
    await route.continue({ postData: { ...(route.request().postDataJSON() as object), perSecond } });
  });
}

/** How many are left of those that were to be closed, as the dialog says it of a job that was stopped. */
export function leftOf(stopped: string): number {
  const [, done, of] = /^Stopped after (\d+) of (\d+)\./.exec(stopped) ?? [];
  return Number(of) - Number(done);
}
