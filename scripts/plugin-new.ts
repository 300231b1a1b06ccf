// Writes the folder of a new plugin from the template of its kind: `npm run plugin:new --
// notification-provider my-sms`. Not its behaviour.
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { pluginIdSchema, pluginKinds } from '@belfry/plugin-kit';
import type { PluginKind } from '@belfry/plugin-kit';

const pluginsFolder = join(import.meta.dirname, '..', 'plugins');

/**
 * Per kind: the template to copy, and the beginning of the new folder's name. The package names are those of
 * the templates.
 */
const templates: Record<PluginKind, { folder: string; packageName: string; prefix: string }> = {
  'notification-provider': { folder: '_template', packageName: '@belfry/plugin-template', prefix: 'notify-' },
  'message-type': { folder: '_template-message', packageName: '@belfry/plugin-template-message', prefix: 'message-' },
};

export interface NewPlugin {
  readonly kind: string;
  readonly id: string;
  /** Where plugin folders lie; the repository's `plugins` by default. */
  readonly into?: string | undefined;
}

export type NewPluginResult =
  | { readonly ok: true; readonly folder: string; readonly files: string[] }
  | { readonly ok: false; readonly reason: string };

/** Rejects only on unexpected errors of the file system. An existing folder is never touched. */
export async function writeNewPlugin({ kind, id, into = pluginsFolder }: NewPlugin): Promise<NewPluginResult> {
  const known = pluginKinds.find((each) => each === kind);
  if (known === undefined) return { ok: false, reason: `"${kind}" is no kind of plugin: ${pluginKinds.join(' or ')}` };
  const parsed = pluginIdSchema.safeParse(id);
  if (!parsed.success)
    return { ok: false, reason: `the id "${id}" ${parsed.error.issues[0]?.message ?? 'is refused'}` };

  const template = templates[known];
  const name = `${template.prefix}${id}`;
  const folder = join(into, name);
  const source = join(pluginsFolder, template.folder);
  await mkdir(into, { recursive: true });
  try {
    await mkdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return { ok: false, reason: `${folder} is there already` };
    throw error;
  }
  const files: string[] = [];
  for (const file of (await readdir(source)).toSorted()) {
    if (!(await stat(join(source, file))).isFile()) continue; // node_modules, where npm made one
    await copyFilled(join(source, file), join(folder, file), { packageName: template.packageName, name, id });
    files.push(file);
  }
  return { ok: true, folder, files };
}

interface Filling {
  readonly packageName: string;
  readonly name: string;
  readonly id: string;
}

async function copyFilled(from: string, to: string, { packageName, name, id }: Filling): Promise<void> {
  if (from.endsWith('.svg')) return cp(from, to);
  const displayName = `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;
  const text = await readFile(from, 'utf8');
  const filled = text
    .replaceAll(`"${packageName}"`, `"@belfry/plugin-${name}"`)
    .replaceAll(/(["'])template\1/g, `$1${id}$1`)
    .replace(/^# template$/m, `# ${id}`)
    .replaceAll(/\bTemplate\b/g, displayName);
  await writeFile(to, filled, { flag: 'wx' });
}

const usage = `Usage: npm run plugin:new -- <${pluginKinds.join('|')}> <id> [--into FOLDER]
  for example: npm run plugin:new -- notification-provider my-sms`;

/** The exit code: 0 written, 64 wrong usage or refused. */
export async function runPluginNew(args: string[], say: (line: string) => void): Promise<number> {
  const { kind, id, into } = readArguments(args);
  if (kind === undefined || id === undefined) {
    say(usage);
    return 64;
  }
  const result = await writeNewPlugin({ kind, id, into });
  if (!result.ok) {
    say(`Nothing was written: ${result.reason}.\n${usage}`);
    return 64;
  }
  const folder = relative(process.cwd(), result.folder);
  say(`${folder}\n${result.files.map((file) => `  ${file}`).join('\n')}
Next:
  npm install   links the new package
  npm test -- ${folder}   passes already
  then write index.ts and its table in index.test.ts; docs/plugins.md walks through it`);
  return 0;
}

function readArguments(args: string[]): {
  kind?: string | undefined;
  id?: string | undefined;
  into?: string | undefined;
} {
  try {
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { into: { type: 'string' } } });
    const [kind, id, ...more] = positionals;
    return more.length > 0 ? {} : { kind, id, into: values.into };
  } catch {
    return {};
  }
}

if (import.meta.main) process.exitCode = await runPluginNew(process.argv.slice(2), (line) => console.log(line));
