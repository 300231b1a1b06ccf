// Finds the web addresses in a provider's configuration and has each judged. What an address may be is decided by the guard of outgoing calls.
import type { Config } from './seal-config.ts';

/** The guard of outgoing calls. `reason` reads on after the name of the field. */
export type CheckUrl = (url: string) => Promise<{ ok: true } | { ok: false; reason: string }>;

export interface RefusedAddress {
  path: readonly (string | number)[];
  reason: string;
}

/** Any text that begins like a web address, wherever it stands: a field of the schema or a part of a key file. */
export async function refusedAddresses(config: Config, judgeUrl: CheckUrl): Promise<RefusedAddress[]> {
  const judged = await Promise.all(
    [...webAddresses(config, [])].map(async ({ path, url }) => ({ path, verdict: await judgeUrl(url) })),
  );
  return judged.flatMap(({ path, verdict }) => (verdict.ok ? [] : [{ path, reason: verdict.reason }]));
}

function* webAddresses(
  value: unknown,
  path: readonly (string | number)[],
): Generator<{ path: readonly (string | number)[]; url: string }> {
  if (typeof value === 'string') {
    if (/^\s*https?:/i.test(value)) yield { path, url: value };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* webAddresses(item, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) yield* webAddresses(item, [...path, name]);
  }
}
