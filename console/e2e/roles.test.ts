// Each role on each screen: what is there, what can be changed, and what is refused; and a stranger's tenant.
import { beforeAll, expect, it } from 'vitest';
import { hostile, join, type Person } from './support/console-server.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';
import { openEveryScreen } from './support/every-screen.ts';
import type { Watched, WatchOptions } from './support/watched-page.ts';

const world = createConsoleUnderTest();
const people = new Map<string, Person>();

beforeAll(async () => {
  const { server, anna: owner } = world;
  people.set('owner', owner);
  for (const role of ['viewer', 'developer', 'admin']) {
    people.set(role, await join(owner, server, { email: `${role}@clinic.example`, name: `The ${role}`, role }));
  }
  await join(owner, server, { email: 'hostile@clinic.example', name: hostile, role: 'viewer' });
});

function personOf(role: string): Person {
  const person = people.get(role);
  if (person === undefined) throw new Error(role);
  return person;
}

async function openAs(
  role: string,
  options: Partial<WatchOptions> = {},
): Promise<Watched & { at: (path: string) => string }> {
  const person = personOf(role);
  const watched = await world.open({ who: person, ...options });
  return { ...watched, at: (path) => `${world.server.url}/console/t/${person.tenant}/${path}` };
}

const table = {
  viewer: { links: ['Apps', 'Members'], mayInvite: false, mayMakeApps: false, audit: 'refused' },
  developer: { links: ['Apps', 'Members', 'Audit'], mayInvite: false, mayMakeApps: false, audit: 'of apps' },
  admin: { links: ['Apps', 'Members', 'Audit'], mayInvite: true, mayMakeApps: true, audit: 'all' },
  owner: { links: ['Apps', 'Members', 'Audit'], mayInvite: true, mayMakeApps: true, audit: 'all' },
} as const;

it.each(Object.entries(table))(
  'a member who is %s sees and changes what the table of roles says',
  async (role, may) => {
    const { page, at, expectQuiet } = await openAs(role, { allowed: may.audit === 'refused' ? /status of 403/ : /^$/ });
    await page.goto(at('members'));
    await page.locator('[data-row]').first().waitFor();
    const navigation = page.getByRole('navigation', { name: 'Screens', exact: true });
    const linksOf = (title: string): Promise<string[]> =>
      navigation
        .locator('div')
        .filter({ has: page.getByRole('heading', { name: title }) })
        .getByRole('link')
        .locator('span')
        .allInnerTexts();
    expect(await linksOf('Tenant')).toEqual([...may.links]);
    const ofApp = await linksOf('Configure');
    expect(ofApp).toContain('Settings');
    expect(ofApp.includes('Connect your app')).toBe(role !== 'viewer');
    expect(await page.getByRole('button', { name: 'Invite somebody' }).count()).toBe(may.mayInvite ? 1 : 0);
    // The owner cannot be changed by others, nor by themselves as long as they are the only one.
    expect(await page.getByLabel('Role of Anna Li').isDisabled()).toBe(true);
    expect(await page.getByLabel('Role of The viewer').isDisabled()).toBe(!may.mayInvite);
    if (!may.mayInvite) await page.getByText('Changing it needs the role admin').waitFor();
    await page.goto(at('apps'));
    await page.locator('[data-row]').first().waitFor();
    expect(await page.getByRole('link', { name: 'New app' }).count()).toBe(may.mayMakeApps ? 1 : 0);

    await page.goto(at('audit'));
    if (may.audit === 'refused') await page.getByText(`Your role (${role}) may not see this.`).waitFor();
    else if (may.audit === 'of apps') await page.getByText('Your role shows the entries of apps.').waitFor();
    else await page.getByRole('row').filter({ hasText: 'Member added' }).first().waitFor();
    await expectQuiet();
  },
);

// The others do in roles.slow.ts.
it('a viewer opens every screen of their navigation, and none asks for more than they may', async () => {
  const { page, at, expectQuiet } = await openAs('viewer');
  await page.goto(at('apps'));
  await openEveryScreen(page);
  // A refusal would stand in the console of the browser.
  await expectQuiet();
});

it('the tenant of others is no thing at all', async () => {
  const { page, expectQuiet } = await openAs('owner');
  await page.goto(`${world.server.url}/console/t/somebody-elses/members`);
  await page.getByRole('heading', { name: 'There is no such thing here' }).waitFor();
  const { id } = await personOf('owner').call<{ id: string }>('POST', '/tenants', { id: 'others', name: 'Others' });
  await personOf('owner').call('POST', `/tenants/${id}/apps`, { template: 'chat', key: 'theirs', name: 'Theirs' });
  const viewer = await openAs('viewer');
  for (const screen of ['overview', 'connections', 'messages', 'pages', 'settings/general']) {
    await viewer.page.goto(`${world.server.url}/console/a/theirs/${screen}`);
    await viewer.page.getByRole('heading', { name: 'There is no such thing here' }).waitFor();
    expect(await viewer.page.getByText('Theirs').count()).toBe(0);
  }
  await viewer.expectQuiet();
  await expectQuiet();
});

it('a role is changed after its words, undone, and stands in the audit with what it was', async () => {
  const { page, at, expectQuiet } = await openAs('owner');
  await page.goto(at('members'));
  await page.getByLabel('Role of The developer').selectOption('admin');
  await page.getByRole('dialog').getByText('May do all but change owners').waitFor();
  await page.getByRole('button', { name: 'Change the role' }).click();
  await page.getByText('The developer is admin now').waitFor();
  await expect.poll(() => page.getByLabel('Role of The developer').inputValue()).toBe('admin');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('The developer is developer now').waitFor();
  await page.goto(`${at('audit')}?action=member.update`);
  const row = page.getByRole('row').filter({ hasText: 'admin → developer' });
  await row.waitFor();
  await row.click();
  await page.getByRole('complementary').getByText('member.update').waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('open')).not.toBeNull();
  await page.keyboard.press('Escape');
  await expect.poll(() => new URL(page.url()).searchParams.get('open')).toBeNull();
  await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
  await expectQuiet();
});

it('somebody is invited by a link that is shown once, and joins by it', async () => {
  const { page, at, expectQuiet } = await openAs('admin', { allowed: /status of 404/ });
  await page.goto(at('members'));
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('Who is it for?').fill('Nurse app');
  await page.getByRole('button', { name: 'Create the link' }).click();
  const link = await page.locator('[data-secret]').innerText();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Nurse app').waitFor();

  const guest = await world.openSignedOut();
  await guest.page.goto(link);
  await guest.page.getByText('You are invited to Clinic as developer.').waitFor();
  await expect.poll(() => guest.page.url()).toBe(`${world.server.url}/console/invite`);
  await guest.page.getByLabel('E-mail').fill('nurse@clinic.example');
  await guest.page.getByLabel('Name').fill('Noa');
  await guest.page.getByLabel('Password', { exact: true }).fill('several words together');
  await guest.page.getByRole('button', { name: 'Join' }).click();
  await guest.page.getByRole('button', { name: 'Account of Noa' }).waitFor();
  await guest.expectQuiet();
  await page.reload();
  await page.getByRole('row').filter({ hasText: 'nurse@clinic.example' }).waitFor();
  expect(await page.getByText('Nurse app').count()).toBe(0);
  await page.goto(link);
  await page.getByText('This invitation was used, withdrawn or has expired.').waitFor();
  await expectQuiet();
});

it('names that want to be more than text are text, in the page and in its title', async () => {
  const { page, at, expectQuiet } = await openAs('owner');
  for (const screen of ['members', 'audit']) {
    await page.goto(at(screen));
    await page.getByText('onerror=').first().waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).toMatch(/ · Clinic · Belfry$/);
  }
  await expectQuiet();
});
