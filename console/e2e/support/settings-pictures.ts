// Pictures of the settings of an app and of connecting one, with clients that were refused. Judges nothing.
import type { Page } from 'playwright';
import type { Person } from './console-server.ts';

interface Place {
  /** Of the server. */
  url: string;
  owner: Person;
  app: string;
}

/** As after a while in use: two keys, one of them rotated, and somebody who is refused. */
export async function fillSettings({ url, owner, app }: Place): Promise<void> {
  const read = await owner.call<{ version: number }>('GET', `/apps/${app}`);
  const body = { allowedOrigins: ['https://clinic.example', 'https://*.clinic.example'], settings: { waitMs: 8000 } };
  await owner.call('PATCH', `/apps/${app}`, body, { 'If-Match': `"v${read.version}"` });
  const made = await owner.call<{ secret: string }>('POST', `/apps/${app}/keys`, { name: 'ward-app', scopes: ['*'] });
  await owner.call('POST', `/apps/${app}/keys`, { name: 'reports', scopes: ['messages:read', 'users:read'] });
  await fetch(`${url}/api/v1/kinds`, { headers: { authorization: `Bearer ${made.secret}` } });
  await owner.call('POST', `/apps/${app}/keys/ward-app/rotate`, { overlapSeconds: 86_400 });
  await owner.call('POST', `/apps/${app}/signing/secrets`, {});
  for (const origin of ['http://localhost:5173', 'http://localhost:5173', 'https://old.example']) {
    await fetch(`${url}/api/v1/pages?app=${app}&origin=${encodeURIComponent(origin)}`);
  }
}

export async function takeSettings(
  page: Page,
  take: (state: string) => Promise<unknown>,
  { url, owner, app }: Place,
): Promise<void> {
  const at = (section: string): string => `${url}/console/a/${app}/settings${section}`;
  await page.goto(at(''));
  await page.locator('main nav').first().waitFor();
  await take('a-settings');
  await page.goto(at('/general'));
  await page.locator('section input').first().fill('Clinic, ward 7');
  await take('a-settings-general');
  await page.goto(at('/keys'));
  await page.locator('section li').first().waitFor();
  await take('a-settings-keys');
  await page.locator('section li button').first().click();
  await page.getByRole('dialog').waitFor();
  await take('a-settings-rotate');
  await page.keyboard.press('Escape');
  await page.locator('section button').first().click();
  await page.getByRole('dialog').locator('[type=checkbox]').uncheck();
  await take('a-settings-new-key');
  await page.keyboard.press('Escape');
  await page.goto(at('/signing'));
  const { token } = await owner.call<{ token: string }>('POST', `/apps/${app}/tokens`, { userId: 'bob' });
  await page.locator('section textarea').fill(`${token.slice(0, -4)}AAAA`);
  await page.locator('section form button').last().click();
  await page.locator('section ol').waitFor();
  await take('a-settings-signing');
  await page.locator('section ol').scrollIntoViewIfNeeded();
  await take('a-settings-token');
  for (const section of ['origins', 'limits', 'danger']) {
    await page.goto(at(`/${section}`));
    await page.locator('section h2').waitFor();
    await page.locator('section :is(li, input, button)').first().waitFor();
    await take(`a-settings-${section}`);
  }
  await page.locator('section .card button').first().click();
  await page.getByRole('dialog').waitFor();
  await take('a-settings-disable');
  await page.keyboard.press('Escape');
  await page.goto(`${url}/console/a/${app}/connect`);
  await page.locator('main pre').first().waitFor();
  await page.locator('[aria-live=polite] li').first().waitFor();
  await take('a-connect');
}
