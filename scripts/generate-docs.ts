// Writes what is made from the code: pages of docs/, and the console's types of the admin door. With --check it
// only says which are stale.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorsMarkdown, reasonsMarkdown } from '@belfry/protocol';
import { apiTypes } from '../console/schema.ts';
import { boundsMarkdown } from '../platform/server/src/config/collections-markdown.ts';
import { configurationMarkdown } from '../platform/server/src/config/markdown.ts';
import { adminApiDocument } from '../platform/server/src/http/doors/admin/openapi.ts';
import { adminRouteTable } from '../platform/server/src/http/doors/admin/route-table.ts';
import { metricsMarkdown } from '../platform/server/src/telemetry/metrics-markdown.ts';
import { clientApiPages } from './client-api.ts';
import { helmPages } from './helm-values.ts';
import { licensePages } from './licenses.ts';
import { providerPages } from './provider-pages.ts';
import { stalePages, type Page } from './stale-pages.ts';

const root = dirname(import.meta.dirname);

const sources: readonly Page[] = [
  { file: 'docs/errors.md', text: errorsMarkdown() },
  { file: 'docs/reasons.md', text: reasonsMarkdown() },
  { file: 'docs/configuration.md', text: configurationMarkdown() },
  { file: 'docs/bounds.md', text: boundsMarkdown() },
  { file: 'docs/metrics.md', text: metricsMarkdown() },
  { file: 'console/src/lib/api/schema.d.ts', text: await apiTypes(adminApiDocument(adminRouteTable)) },
  ...helmPages(),
  ...(await providerPages()),
  ...licensePages(),
  ...(await clientApiPages()),
];

const pages = await Promise.all(sources.map(formatted));
const stale = await stalePages(pages, (file) => readFile(join(root, file), 'utf8'));

if (process.argv.includes('--check')) {
  for (const { file, state } of stale) console.error(`${file} is ${state}: run \`npm run generate\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const { file, text } of stale) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
    console.log(`wrote ${file}`);
  }
  if (stale.length === 0) console.log('nothing to write: all pages are up to date');
}

/** As the format step wants it, so that the two never disagree. */
async function formatted({ file, text }: Page): Promise<Page> {
  const options = await resolveConfig(join(root, file), { editorconfig: true });
  return { file, text: await format(text, { ...options, filepath: file }) };
}
