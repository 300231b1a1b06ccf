// The shipped notification providers, as a tenant meets them: in both languages, and with a page that says
// what to do.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPlugin, readManifest } from '@belfry/plugin-kit';
import { expect, test } from 'vitest';
import { providerPages } from './provider-pages.ts';

const root = join(import.meta.dirname, '..');
const folders = (await Array.fromAsync(glob('plugins/notify-*', { cwd: root }))).toSorted();

async function pluginOf(folder: string) {
  const { default: exported } = (await import(join(root, folder, 'index.ts'))) as { default: unknown };
  const checked = checkPlugin(exported);
  if (!checked.ok || checked.plugin.kind !== 'notification-provider') throw new Error(`${folder} is no provider`);
  return checked.plugin;
}

test.each(folders)('%s has a name, a description and an icon for people of both languages', async (folder) => {
  const { texts, id } = await pluginOf(folder);
  expect(texts?.['zh']?.description).toMatch(/\p{Script=Han}/u);
  const reading = readManifest(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')));
  expect(reading).toMatchObject({ ok: true, manifest: { id, icon: './icon.svg' } });
  expect(await readFile(join(root, folder, 'icon.svg'), 'utf8')).toContain('viewBox="0 0 24 24"');
});

test.each(folders)(
  'the page of %s names each field of its configuration, and what a device registers',
  async (folder) => {
    const { config } = await pluginOf(folder);
    const readme = await readFile(join(root, folder, 'README.md'), 'utf8');
    const shape = 'shape' in config && typeof config.shape === 'object' ? Object.keys(config.shape ?? {}) : [];
    for (const field of shape) expect(readme).toContain(`\`${field}\``);
    expect(readme).toMatch(/[Dd]evice registers|registered/);
  },
);

test('there is a page for each provider, and one that lists them', async () => {
  const files = (await providerPages()).map(({ file }) => file);
  const ids = await Promise.all(folders.map(async (folder) => (await pluginOf(folder)).id));
  expect(files.toSorted()).toEqual(['README', ...ids].map((id) => `docs/providers/${id}.md`).toSorted());
});
