// Makes the pages of docs/providers: one for each shipped notification provider, which is its README, and a
// table of all. What a provider can do, its definition says.
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkPlugin, type NotificationProvider } from '@belfry/plugin-kit';
import type { Page } from './stale-pages.ts';

const root = dirname(import.meta.dirname);

export async function providerPages(): Promise<Page[]> {
  const folders = (await Array.fromAsync(glob('plugins/notify-*', { cwd: root }))).toSorted();
  const providers = await Promise.all(folders.map(read));
  const pages = providers.map(({ plugin, readme }) => ({
    file: `docs/providers/${plugin.id}.md`,
    // The README lies one folder deeper than the page.
    text: `<!-- Generated from the provider's README. -->\n\n${readme.replaceAll('](../../docs/', '](../')}`,
  }));
  return [{ file: 'docs/providers/README.md', text: tableOf(providers.map(({ plugin }) => plugin)) }, ...pages];
}

async function read(folder: string): Promise<{ plugin: NotificationProvider; readme: string }> {
  const entry: unknown = await import(join(root, folder, 'index.ts'));
  const exported: unknown =
    typeof entry === 'object' && entry !== null && 'default' in entry ? entry.default : undefined;
  const checked = checkPlugin(exported);
  if (!checked.ok || checked.plugin.kind !== 'notification-provider')
    throw new Error(`${folder} is no notification provider`);
  return { plugin: checked.plugin, readme: await readFile(join(root, folder, 'README.md'), 'utf8') };
}

const abilities = [
  ['collapse', 'replaces'],
  ['clear', 'takes away'],
  ['ttl', 'ends in time'],
  ['priority', 'priority'],
  ['silent', 'silent'],
  ['badge', 'number'],
  ['image', 'picture'],
] as const;

function tableOf(providers: readonly NotificationProvider[]): string {
  const rows = providers.map(({ id, displayName, channel, supports }) => {
    const marks = abilities.map(([ability]) => (supports[ability] === true ? 'yes' : ''));
    return `| [${displayName}](${id}.md) | \`${id}\` | ${channel} | ${marks.join(' | ')} |`;
  });
  return `# Notification providers

<!-- Generated from the definitions of the providers. -->

An app configures providers in its provision file ([operations.md](../operations.md#provisioning)), each with an id of its own, the \`plugin\` from this table and a \`config\`. A device names the id of one. Each page says where the credentials come from, and what a device registers. You can write another in fifteen minutes ([plugins.md](../plugins.md)).

| provider | \`plugin\` | channel | ${abilities.map(([, word]) => word).join(' | ')} |
| --- | --- | --- | ${abilities.map(() => '---').join(' | ')} |
${rows.join('\n')}

- _replaces_: the next notification of a conversation takes the place of the one before.
- _takes away_: a notification whose messages were read elsewhere disappears.
- _ends in time_: the service drops a notification whose time to live is over.
- _silent_: a notice with \`silent: true\` in its data wakes the app and shows nothing.
- _number_, _picture_: the number of all unread messages on the app's icon; the picture of the message, or of its sender.
`;
}
