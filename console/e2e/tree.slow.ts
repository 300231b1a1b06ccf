// The console as a screen reader has it: landmarks, headings, and what is on a screen under which name and in which
// order. What axe finds, and what is seen: looks.slow.ts.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { join } from './support/console-server.ts';
import { fillWithPeople, sayToBob, type Crowd } from './support/crowd.ts';
import { fillConversations } from './support/pictures-talk.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';

const world = createConsoleUnderTest();
let crowd: Crowd;

vi.setConfig({ testTimeout: 180_000 });
beforeAll(async () => {
  const { server, anna } = world;
  await join(anna, server, { email: 'li@clinic.example', name: 'Li Wei', role: 'developer' });
  await anna.call('POST', `/tenants/${anna.tenant}/apps`, { template: 'clinic', key: 'ward', name: 'Ward' });
  crowd = await fillWithPeople(server);
  await sayToBob(server);
  await fillConversations(server);
});
afterAll(() => crowd.end());

interface Node {
  depth: number;
  role: string;
  /** Empty where it has none. */
  name: string;
  level: number | undefined;
}

/** The tree of accessibility, in the order in which it is read. */
async function treeOf(page: Page): Promise<Node[]> {
  const text = await page.locator('body').ariaSnapshot();
  return text.split('\n').flatMap((line) => {
    const [, indent = '', role = '', name = ''] = /^(\s*)- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?/.exec(line) ?? [];
    if (role === '' || role === 'text') return [];
    const level = /\[level=(\d)\]/.exec(line)?.[1];
    return [{ depth: indent.length, role, name, level: level === undefined ? undefined : Number(level) }];
  });
}

const said = ({ role, name }: Node): string => (name === '' ? role : `${role} "${name}"`);

/** Each is behind the one before. */
function expectInOrder(tree: readonly Node[], wanted: readonly string[]): void {
  const all = tree.map(said);
  let from = 0;
  for (const each of wanted) {
    const at = all.indexOf(each, from);
    if (at < 0) {
      expect.soft(all.slice(from).join(', '), `behind ${all[from - 1] ?? 'the beginning'}`).toContain(each);
      return;
    }
    from = at + 1;
  }
}

interface Screen {
  path: string;
  /** Is there once the screen is. */
  ready: string;
  /** What is in its main part. */
  has: readonly string[];
}

const screens = (): Screen[] => [
  {
    path: `t/${world.anna.tenant}/apps`,
    ready: '[data-row]',
    has: ['heading "Apps"', 'button "Columns"', 'link "New app"', 'table "Apps"', 'columnheader "Name"', 'link "Demo"'],
  },
  {
    path: `t/${world.anna.tenant}/members`,
    ready: 'main:has([data-row]) label select',
    has: ['heading "Members"', 'button "Invite somebody"', 'table "Members"', 'combobox "Role of Anna Li"'],
  },
  {
    path: `t/${world.anna.tenant}/audit`,
    ready: '[data-row]',
    has: ['heading "Audit"', 'combobox "Filter"', 'region "What"', 'region "Audit"', 'table "Audit"'],
  },
  {
    path: 'a/demo/connections',
    ready: '[data-row]',
    has: [
      ...['heading "Connections"', 'button "Columns"', 'combobox "Filter"', 'region "Device"', 'region "Visible"'],
      ...['region "Connections"', 'table "Connections"', 'columnheader "User"', 'checkbox'],
    ],
  },
  {
    path: 'a/demo/users',
    ready: '[data-row]',
    has: [
      'heading "Users"',
      'searchbox "The beginning of an id or name"',
      'region "Users"',
      'table "Users"',
      'columnheader "User"',
    ],
  },
  {
    path: 'a/demo/users/bob',
    ready: 'main li',
    has: [
      ...['heading "Bob Meier"', 'button "Sign out everywhere"', 'tablist "About this user"'],
      ...['tab "Last decisions"', 'tab "Now"', 'tab "History"', 'tabpanel "Last decisions"'],
    ],
  },
  { path: 'a/demo/live', ready: 'main p', has: ['heading "Live"', 'button "Pause"', 'combobox "Filter"'] },
  {
    path: 'a/demo/messages',
    ready: '[data-row]',
    has: ['heading "Messages"', 'combobox "Reason"', 'combobox "Filter"', 'region "Messages"', 'table "Messages"'],
  },
  {
    path: 'a/demo/conversations/c1',
    ready: 'section [data-row]',
    has: ['heading "Conversations"', 'region "Conversations"', 'heading "Consultation"', 'button "Send as system"'],
  },
  {
    path: 'a/demo/broadcast?kind=direct',
    ready: '[name=title]',
    has: [
      ...[
        'heading "Broadcast"',
        'heading "What"',
        'combobox "Kind"',
        'textbox "Title (optional)"',
        'heading "To whom"',
      ],
      ...['radio "Named users"', 'region "Outcome"'],
    ],
  },
  {
    path: 'a/ward/pages?view=matrix',
    ready: '[data-cell]',
    has: [
      ...['heading "Pages"', 'link "History"', 'link "Add page"', 'searchbox "Try a URL: /chat/7"', 'group "View"'],
      ...['region "Pages and their features"', 'grid "Pages and their features"', 'columnheader "Pattern"'],
    ],
  },
  { path: 'a/demo/kinds', ready: '[data-row]', has: ['heading "Kinds"', 'button "Add kind"', 'table "Kinds"'] },
  {
    path: 'a/ward/settings/danger',
    ready: 'section button',
    has: ['heading "Settings"', 'navigation "Settings"', 'heading "Danger zone"', 'button "Switch the app off"'],
  },
  {
    path: 'account/preferences',
    ready: '[name=timeZone]',
    has: ['heading "Preferences"', 'combobox "Language"', 'combobox "Theme"', 'combobox "Density"'],
  },
];

const show = async (page: Page, { path, ready }: Screen): Promise<Node[]> => {
  await page.goto(`${world.server.url}/console/${path}`);
  await page.locator(ready).first().waitFor();
  // The menus of the bar come after the first screen.
  await page.getByRole('button', { name: /^(?:Account of|.*的账号)/ }).waitFor();
  return await treeOf(page);
};

const needsName: ReadonlySet<string> = new Set([
  ...['button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'switch', 'tab', 'slider', 'img'],
  ...['dialog', 'navigation', 'region', 'complementary', 'table', 'grid', 'tablist', 'heading', 'option'],
]);

it('every screen has its landmarks once, one title, headings without a gap, and a name for whatever one uses', async () => {
  const { page, expectQuiet } = await world.open();
  for (const screen of screens()) {
    const tree = await show(page, screen);
    const count = (role: string): number => tree.filter((node) => node.role === role).length;
    expect.soft([count('banner'), count('main')], screen.path).toEqual([1, 1]);
    const named = tree.filter(({ role }) => ['navigation', 'region', 'complementary'].includes(role)).map(said);
    expect.soft(named.length, `${screen.path}: ${named.join(', ')}`).toBe(new Set(named).size);
    expect.soft(tree.filter(({ role, name }) => needsName.has(role) && name === '').map(said), screen.path).toEqual([]);
    const ofMain = partOf(tree, 'main');
    const levels = ofMain.flatMap(({ level }) => level ?? []);
    expect
      .soft(
        levels.filter((level) => level === 1),
        screen.path,
      )
      .toHaveLength(1);
    const gaps = levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1);
    expect.soft(gaps, `${screen.path}: ${levels.join(' ')}`).toEqual([]);
    expectInOrder(tree, ['link "Skip to the content"', 'navigation "Screens"', 'banner', 'main']);
    expectInOrder(ofMain, screen.has);
  }
  await expectQuiet();
});

it('what opens has a name and is left by Escape, and what it says is read where it stands', async () => {
  const { page, expectQuiet } = await world.open();
  await page.goto(`${world.server.url}/console/a/demo/connections?sort=user`);
  await page.locator('[data-row]', { hasText: 'bob' }).click();
  await page.getByRole('complementary').getByRole('button', { name: 'Frames' }).waitFor();
  const drawer = partOf(await treeOf(page), 'complementary');
  expectInOrder(drawer, [
    ...['complementary "bob"', 'heading "bob"', 'button "Close"', 'button "Test event"'],
    ...['button "Ask to reconnect"', 'button "Disconnect"', 'group "About this connection"', 'button "Facts"'],
    ...['button "Frames"', 'button "Last decisions"', 'term', 'definition'],
  ]);
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  await page.goto(`${world.server.url}/console/a/ward/settings/danger`);
  await page.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('dialog').getByText('Nobody is connected now.').waitFor();
  const dialog = await page.getByRole('dialog').ariaSnapshot();
  expect(dialog).toContain('dialog "Delete Ward with everything in it?"');
  expect(dialog).toContain('textbox "Type ward to confirm"');
  expect(dialog).toMatch(/button "Cancel"[\s\S]*button "Delete app Ward" \[disabled\]/);
  await expectQuiet();
});

it('a screen is built the same in both languages', async () => {
  const { page } = await world.open();
  const rolesOf = async (): Promise<Map<string, string[]>> => {
    const all = new Map<string, string[]>();
    // The change of the language is an entry of the audit.
    for (const screen of screens().filter(({ path }) => !path.endsWith('audit')))
      all.set(
        screen.path,
        (await show(page, screen)).map(({ role }) => role),
      );
    return all;
  };
  const english = await rolesOf();
  const { version } = await world.anna.call<{ version: number }>('GET', '/account');
  await world.anna.call('PATCH', '/account', { locale: 'zh' }, { 'If-Match': `"v${version}"` });
  const chinese = await rolesOf();
  for (const [path, roles] of english) expect.soft(chinese.get(path), path).toEqual(roles);
});

/** The first of a role, and what is in it. */
function partOf(tree: readonly Node[], role: string): Node[] {
  const from = tree.findIndex((node) => node.role === role);
  const depth = tree[from]?.depth ?? 0;
  const length = tree.slice(from + 1).findIndex((node) => node.depth <= depth);
  return tree.slice(from, length < 0 ? undefined : from + 1 + length);
}
