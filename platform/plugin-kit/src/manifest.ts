// The manifest of a plugin in its package.json, readable without running its code. Not its behaviour.
import semver from 'semver';
import { z } from 'zod';

export const pluginKinds = ['notification-provider', 'message-type'] as const;
export type PluginKind = (typeof pluginKinds)[number];

/** Names a provider or a message type wherever it is stored or sent; it never changes once published. */
export const pluginIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and hyphens, and begin with a letter');

/** The field `belfry` of a plugin's package.json. */
export const manifestSchema = z.strictObject({
  kind: z.enum(pluginKinds),
  id: pluginIdSchema,
  api: z
    .string()
    .refine(
      (range) => range.trim() !== '' && semver.validRange(range) !== null,
      'must be a version range such as ^1.0.0',
    ),
  icon: z
    .string()
    .regex(
      /^\.\/(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\0]+\.(?:svg|png)$/,
      'must be a .svg or .png inside the plugin, as ./icon.svg',
    )
    .optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A file of the plugin's own folder, from that folder: `./index.ts`. */
const ownFile = z
  .string()
  .regex(/^\.\/(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\0]+$/, 'must be a file inside the plugin, as ./index.ts');

/** The three ways of npm to name a package's entry that a plugin may use. */
const packageSchema = z.looseObject({
  belfry: manifestSchema,
  exports: z
    .union([ownFile, z.looseObject({ '.': z.union([ownFile, z.looseObject({ default: ownFile })]) })], {
      error: 'must be the entry such as ./index.ts, or name it under "."',
    })
    .optional(),
  main: ownFile.optional(),
});

/** `entry` is the module whose default export is the plugin, from the plugin's folder. */
export type ManifestReading = { ok: true; manifest: Manifest; entry: string } | { ok: false; problems: string[] };

/**
 * Reads manifest and entry out of a parsed package.json. Never throws on JSON; each problem begins with its
 * path.
 */
export function readManifest(packageJson: unknown): ManifestReading {
  const parsed = packageSchema.safeParse(packageJson);
  if (parsed.success) return { ok: true, manifest: parsed.data.belfry, entry: entryOf(parsed.data) };
  return {
    ok: false,
    problems: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'package.json'}: ${issue.message}`),
  };
}

function entryOf({ exports, main }: z.infer<typeof packageSchema>): string {
  const named = typeof exports === 'object' ? exports['.'] : exports;
  return (typeof named === 'object' ? named.default : named) ?? main ?? './index.ts';
}
