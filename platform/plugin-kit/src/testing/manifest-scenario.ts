// Whether a plugin's package.json agrees with its behaviour, for either kind.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { apiVersion, isApiAdmitted } from '../api-version.ts';
import type { AnyPlugin } from '../check-plugin.ts';
import { readManifest } from '../manifest.ts';
import type { Finding, Scenario } from './finding.ts';

/** Where a package.json is (`new URL('./package.json', import.meta.url)`, or a path), or what it says. */
export type PackageSource = URL | string | Readonly<Record<string, unknown>>;

export function manifestScenario(plugin: AnyPlugin, source: PackageSource | undefined): Scenario {
  const name = 'manifest';
  return {
    name,
    run: async () =>
      problemsOf(plugin, source).map((problem): Finding => ({ rule: 'manifest', scenario: name, problem })),
  };
}

function problemsOf(plugin: AnyPlugin, source: PackageSource | undefined): string[] {
  if (source === undefined) return ['no package.json was found: give the option packageJson'];
  const isFile = source instanceof URL || typeof source === 'string';
  const at = isFile ? new URL(source instanceof URL ? source : pathToFileURL(source)) : undefined;
  const said = at === undefined ? { json: source } : readJson(at);
  if ('problem' in said) return [said.problem];
  const reading = readManifest(said.json);
  if (!reading.ok) return reading.problems;

  const { manifest, entry } = reading;
  const problems: string[] = [];
  if (manifest.kind !== plugin.kind)
    problems.push(`belfry.kind: is ${manifest.kind}, but the plugin is a ${plugin.kind}`);
  if (manifest.id !== plugin.id)
    problems.push(`belfry.id: is ${manifest.id}, but the plugin calls itself ${plugin.id}`);
  if (!isApiAdmitted(manifest.api))
    problems.push(`belfry.api: ${manifest.api} does not admit this kit's ${apiVersion}`);
  for (const file of at === undefined ? [] : [entry, manifest.icon]) {
    if (file !== undefined && !existsSync(new URL(file, at))) problems.push(`${file}: is named, but is not there`);
  }
  return problems;
}

function readJson(at: URL): { json: unknown } | { problem: string } {
  try {
    return { json: JSON.parse(readFileSync(at, 'utf8')) as unknown };
  } catch (error) {
    return { problem: `${fileURLToPath(at)}: ${error instanceof Error ? error.message : 'cannot be read'}` };
  }
}
