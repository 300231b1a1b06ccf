// Turns one folder into a plugin: manifest, api range, import, check, in this order. Sets nothing up and
// decides nothing about duplicates.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { apiVersion, checkPlugin, isApiAdmitted, readManifest } from '@belfry/plugin-kit';
import type { AnyPlugin, Manifest } from '@belfry/plugin-kit';
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import { sayThrown } from './say-thrown.ts';
import { withinLimit } from '../concurrency/time-limit.ts';

export type ManifestFound =
  { ok: true; manifest: Manifest; version: string; entry: string } | { ok: false; version: string; reason: string };

export type PluginLoaded = { ok: true; plugin: AnyPlugin } | { ok: false; reason: string };

const versionSchema = z.looseObject({ version: z.string() });

/** Reads package.json and checks it without running any code. Never throws. */
export async function findManifest(dir: string): Promise<ManifestFound> {
  let packageJson: unknown;
  try {
    packageJson = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
  } catch (error) {
    return { ok: false, version: '', reason: `package.json: ${sayThrown(error)}` };
  }
  const version = versionSchema.safeParse(packageJson).data?.version ?? '';
  const reading = readManifest(packageJson);
  if (!reading.ok) return { ok: false, version, reason: reading.problems.join('; ') };
  const { manifest, entry } = reading;
  if (!isApiAdmitted(manifest.api)) {
    return { ok: false, version, reason: `belfry.api: ${manifest.api} does not admit this server's ${apiVersion}` };
  }
  return { ok: true, manifest, version, entry: join(dir, entry) };
}

export interface ImportOptions {
  clock: Clock;
  limitMs: number;
  /** Imports a module by its file: URL; `import()` itself but for tests. */
  importModule: (url: string) => Promise<unknown>;
}

/** Imports the entry and checks what it exports. Never throws. */
export async function importPlugin(
  { entry, manifest }: { entry: string; manifest: Manifest },
  { clock, limitMs, importModule }: ImportOptions,
): Promise<PluginLoaded> {
  try {
    const url = pathToFileURL(entry).href;
    const module = await withinLimit({ clock, limitMs }, () => importModule(url));
    const checked = checkPlugin(
      typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : module,
    );
    if (!checked.ok) return { ok: false, reason: checked.problems.join('; ') };
    const { plugin } = checked;
    const differs = (['kind', 'id'] as const).find((field) => plugin[field] !== manifest[field]);
    if (differs === undefined) return { ok: true, plugin };
    return {
      ok: false,
      reason: `${differs}: the manifest says ${manifest[differs]}, the plugin says ${plugin[differs]}`,
    };
  } catch (error) {
    return { ok: false, reason: `import: ${sayThrown(error)}` };
  }
}
