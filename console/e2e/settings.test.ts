// The settings of an app on their screens, and an app that is connected from its first line on.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { badTokens, tokenPartsIn } from '../../platform/server/test/support/bad-tokens.ts';
import { join, type Person } from './support/console-server.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';

const world = createConsoleUnderTest(() => ({ env: { LOG_LEVEL: 'debug' } }));
let developer: Person;
const others: Server[] = [];
const english = JSON.parse(readFileSync(new URL('../messages/en.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

beforeAll(async () => {
  const { server, anna } = world;
  developer = await join(anna, server, { email: 'bo@clinic.example', name: 'Bo', role: 'developer' });
  await anna.call('POST', `/tenants/${anna.tenant}/apps`, { template: 'chat', key: 'ward', name: 'Ward' });
});
afterAll(() => {
  for (const other of others) other.close();
});

const at = (screen: string): string => `${world.server.url}/console/a/ward/${screen}`;

async function statusWith(key: string): Promise<number> {
  const response = await fetch(`${world.server.url}/api/v1/kinds`, { headers: { authorization: `Bearer ${key}` } });
  await response.text();
  return response.status;
}

it('a key is rotated without an outage: the old one works on, and says when it was used', async () => {
  const { page, expectQuiet } = await world.open();
  await page.goto(at('settings/keys'));
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('backend');
  await page.getByRole('button', { name: 'Create the key' }).click();
  const secret = page.locator('[data-secret]');
  const old = await secret.innerText();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'backend' });
  await row.getByText('never used').waitFor();
  await row.getByRole('button', { name: 'Rotate' }).click();
  await page.getByLabel('1 hour').check();
  await page.getByRole('button', { name: 'Rotate the key' }).click();
  await secret.waitFor();
  const next = await secret.innerText();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await secret.waitFor({ state: 'detached' });
  expect([await statusWith(old), await statusWith(next)]).toEqual([200, 200]);
  await expect
    .poll(async () => {
      await page.reload();
      await row.first().waitFor();
      return row.getByText(/^used/).count();
    })
    .toBe(2);
  await page.getByText(/ends in/).waitFor();
  await row.last().getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Revoke the key' }).click();
  await page.getByText('The key backend is revoked').waitFor();
  expect([await statusWith(old), await statusWith(next)]).toEqual([401, 200]);
  await expectQuiet();
});

it('a token that is pasted fails at its step, with what to change', async () => {
  const { page, expectQuiet } = await world.open({ who: developer });
  await page.goto(at('settings/signing'));
  const { token } = await world.anna.call<{ token: string }>('POST', '/apps/ward/tokens', { userId: 'bob' });
  await page.getByLabel('Token', { exact: true }).fill(`${token.slice(0, -4)}AAAA`);
  await page.getByRole('button', { name: 'Check the token' }).click();
  const step = page.getByRole('listitem').filter({ hasText: 'Signature' });
  await step.getByText('Sign with the secret itself').waitFor();
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Check the token' }).click();
  await page.getByText('This token is good').waitFor();
  // Secrets are not theirs to see.
  expect(await page.getByRole('button', { name: 'New secret' }).count()).toBe(0);
  expect(JSON.stringify(world.server.lines)).not.toContain(token.split('.')[1]);
  await expectQuiet();
});

it('of tokens that are wrong in many ways each fails at its step, with the remedy of that, and none is kept', async () => {
  const secret = 'a secret of the tests that is long enough to sign';
  const { kid } = await world.anna.call<{ kid: string }>('POST', '/apps/ward/signing/secrets', { secret });
  const { page, requests, expectQuiet } = await world.open({ who: developer });
  await page.goto(at('settings/signing'));
  const steps = page.getByRole('list', { name: 'Why is a token refused?' }).getByRole('listitem');
  const refused = steps.filter({ has: page.locator('svg[aria-label="refused"]') }).first();
  const tokens = badTokens({ app: 'ward', secret, kid });
  for (const { what, token, step, reason } of tokens) {
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByRole('button', { name: 'Check the token' }).click();
    const says = (): Promise<string> => refused.innerText({ timeout: 1000 }).catch(() => '');
    await expect.poll(says, { message: what }).toContain(english[`remedy_${reason}`] ?? 'no such remedy');
    expect((await says()).trim().split('\n')[0], what).toBe(english[`set_step_${step}`]);
    expect(await page.getByText('This token is good').count()).toBe(0);
  }
  const said = JSON.stringify([
    world.server.lines,
    requests,
    await page.evaluate(() => JSON.stringify([sessionStorage, localStorage])),
  ]);
  expect(tokenPartsIn(said, tokens)).toEqual([]);
  await expectQuiet();
});

it('a setting is saved, given back to its default, and read-only for whoever may not change it', async () => {
  const { page, expectQuiet } = await world.open();
  await page.goto(at('settings/general'));
  const wait = page.getByRole('textbox', { name: 'Wait before a push' });
  await wait.fill('12');
  await wait.press('Tab');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').first().waitFor();
  const read = () => world.anna.call<{ settings: { waitMs: number } }>('GET', '/apps/ward');
  expect((await read()).settings.waitMs).toBe(12_000);
  await wait.fill('');
  await wait.press('Tab');
  await page.keyboard.press('Control+s');
  await expect.poll(async () => (await read()).settings.waitMs).toBe(5000);
  await expectQuiet();
  const bo = await world.open({ who: developer });
  await bo.page.goto(at('settings/general'));
  await bo.page.getByText('Changing it needs the role admin').waitFor();
  expect(await bo.page.getByRole('textbox', { name: 'Wait before a push' }).getAttribute('readonly')).not.toBeNull();
  expect(await bo.page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
  await bo.expectQuiet();
});

it('a page on another port says which origin was refused; allowed, it connects', async () => {
  const { version } = await world.anna.call<{ version: number }>('GET', '/apps/ward');
  await world.anna.call('PATCH', '/apps/ward', { allowedOrigins: [] }, { 'If-Match': `"v${version}"` });
  const { page, expectQuiet } = await world.open();
  await page.goto(at('connect'));
  await page.getByText('Waiting for Ward').waitFor();
  const code = await page.locator('pre').first().innerText();
  const { token } = await world.anna.call<{ token: string }>('POST', '/apps/ward/tokens', { userId: 'bob' });
  const origin = await serve(code, token);
  const visitor = await world.browser.newPage();
  await visitor.goto(origin);
  await page.getByText(`${origin} is not an allowed origin`).waitFor();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText(`${origin} is allowed`).waitFor();
  const from = Date.now();
  await visitor.reload();
  await page.getByText(/^First connection: desktop on/).waitFor();
  expect(Date.now() - from).toBeLessThan(process.env['CI'] === undefined ? 4000 : 8000);
  await visitor.close();
  await expectQuiet();
});

/** The lines of the screen as a page of somebody else's server, which also gives tokens. */
async function serve(code: string, token: string): Promise<string> {
  const other = createServer((request, response) => {
    const isToken = request.url === '/belfry-token';
    response.setHeader('content-type', isToken ? 'application/json' : 'text/html');
    response.end(isToken ? JSON.stringify({ token }) : `<!doctype html><title>Shop</title>${code}`);
  });
  others.push(other);
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
}

it('an app is switched off with how many that closes, and on again', async () => {
  const { page, expectQuiet } = await world.open();
  await page.goto(at('settings/danger'));
  await page.getByRole('button', { name: 'Switch the app off' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Nobody is connected now|This closes \d+ connections/).waitFor();
  await dialog.getByRole('button', { name: 'Switch it off' }).click();
  await page.getByText('The app is off').waitFor();
  await page.getByRole('button', { name: 'Switch the app on' }).click();
  await page.getByText('Ward is on again').waitFor();
  await expectQuiet();
});

it('an app is deleted where its settings are, by its owner; others are told who may, and its screens are left', async () => {
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, {
    template: 'chat',
    key: 'spare',
    name: 'Spare',
  });
  const admin = await join(world.anna, world.server, { email: 'li@clinic.example', name: 'Li', role: 'admin' });
  const danger = `${world.server.url}/console/a/spare/settings/danger`;
  const theirs = await world.open({ who: admin });
  await theirs.page.goto(danger);
  await theirs.page.getByText('People with the role owner can delete it.').waitFor();
  expect(await theirs.page.getByRole('button', { name: 'Delete …' }).count()).toBe(0);

  const { page, expectQuiet } = await world.open({ allowed: /status of 404/ });
  await page.goto(danger);
  await page.getByRole('button', { name: 'Switch the app off' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Switch it off' }).click();
  await page.getByText('The app is off').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Spare is on again').waitFor();
  await page.getByRole('button', { name: 'Delete …' }).click();
  await dialog.getByText('Nobody is connected now.').waitFor();
  await dialog.getByLabel('Type spare to confirm').fill('spare');
  await dialog.getByRole('button', { name: 'Delete app Spare' }).click();
  // The app's own screen is no more; what is done about it goes on being shown.
  await page.waitForURL(`**/console/t/${world.anna.tenant}/apps`);
  await dialog.getByText(/^Spare is being erased: \d/).waitFor();
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await page.locator('[data-row]', { hasText: 'Ward' }).waitFor();
  expect(await page.locator('[data-row]', { hasText: 'Spare' }).count()).toBe(0);
  await expectQuiet();
});

it('what is left to do stands on the overview, ticks itself wherever it was done, and goes when it is not wanted', async () => {
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, { template: 'chat', key: 'next', name: 'Next' });
  const { page, expectQuiet } = await world.open();
  await page.goto(`${world.server.url}/console/a/next/overview`);
  const next = page.getByRole('region', { name: 'What next' });
  await next.getByRole('link', { name: 'Add a second factor to your account' }).waitFor();
  await page.locator('[data-live="live"]').waitFor();
  const origins = next.getByRole('listitem').filter({ hasText: 'Allow only the origins' });
  expect(await origins.getByRole('link').count()).toBe(1);
  const { version } = await world.anna.call<{ version: number }>('GET', '/apps/next');
  const change = { allowedOrigins: ['https://clinic.example'] };
  await world.anna.call('PATCH', '/apps/next', change, { 'If-Match': `"v${version}"` });
  await origins.getByText('(done)').waitFor();
  await next.getByRole('button', { name: 'Do not show this again' }).click();
  await next.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.locator('[data-live="live"]').waitFor();
  expect(await next.count()).toBe(0);
  await expectQuiet();
});
