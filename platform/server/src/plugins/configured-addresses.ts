// Finds the web addresses in a provider's configuration and has each checked. The rule for addresses is
// egress's.
import type { Egress } from '../egress/egress.ts';
import type { Config } from './seal-config.ts';

export interface RefusedAddress {
  path: readonly (string | number)[];
  /** Reads on after the name of the field. */
  reason: string;
}

/**
 * Any text that begins like a web address, wherever it stands: a field of the schema or a part of a key file.
 */
export async function refusedAddresses(config: Config, egress: Pick<Egress, 'checkUrl'>): Promise<RefusedAddress[]> {
  const checked = await Promise.all(
    [...webAddresses(config, [])].map(async ({ path, url }) => ({ path, verdict: await egress.checkUrl(url) })),
  );
  return checked.flatMap(({ path, verdict }) => (verdict.ok ? [] : [{ path, reason: verdict.reason }]));
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
