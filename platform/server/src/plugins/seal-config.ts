// Seals the secret fields of a provider's configuration for the store, opens them again, and masks them for
// people. Encrypts nothing itself: the vault does.
import { secretPaths } from '@belfry/plugin-kit';
import type { SecretPath } from '@belfry/plugin-kit';
import { z } from 'zod';
import type { Vault } from '../tenancy/vault.ts';

export type Config = Record<string, unknown>;

/** A secret as the store has it: different from any plain value, so that sealing twice is noticed. */
const sealedSchema = z.strictObject({ $sealed: z.string() });
/** A secret as people see it; sent back, it means "as it is". */
const keptSchema = z.strictObject({ set: z.literal(true) });

export interface SealingPlace {
  vault: Vault;
  /** Says whose configuration it is, e.g. `provider:demo:hook`. */
  context: string;
}

export function sealConfig(schema: z.ZodType, config: Config, { vault, context }: SealingPlace): Config {
  return atSecrets(schema, config, (value, path) =>
    sealedSchema.safeParse(value).success
      ? value
      : { $sealed: vault.seal(JSON.stringify(value), `${context}:${path.join('.')}`) },
  );
}

/** A secret that lies there unsealed is taken as it is. Throws what the vault throws. */
export function openConfig(schema: z.ZodType, config: Config, { vault, context }: SealingPlace): Config {
  return atSecrets(schema, config, (value, path) => {
    const sealed = sealedSchema.safeParse(value);
    if (!sealed.success) return value;
    const opened: unknown = JSON.parse(vault.open(sealed.data.$sealed, `${context}:${path.join('.')}`));
    return opened;
  });
}

/**
 * Keeps the stored (sealed) secret where the input has `{ set: true }`: another field can be changed without
 * it.
 */
export function keepSecrets(schema: z.ZodType, config: Config, stored: Config | undefined): Config {
  return atSecrets(schema, config, (value, path) =>
    keptSchema.safeParse(value).success ? (valueAt(stored, path) ?? value) : value,
  );
}

export function maskConfig(schema: z.ZodType, config: Config): Config {
  return atSecrets(schema, config, () => ({ set: true }));
}

type Change = (value: unknown, path: readonly string[]) => unknown;

function atSecrets(schema: z.ZodType, config: Config, change: Change): Config {
  let changed: unknown = config;
  for (const path of secretPaths(schema)) changed = changeAt(changed, { path, walked: [] }, change);
  return z.record(z.string(), z.unknown()).parse(changed);
}

interface Walk {
  path: SecretPath;
  walked: readonly string[];
}

/** A copy with the values at `path` changed; an absent value stays absent. */
function changeAt(value: unknown, { path, walked }: Walk, change: Change): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value === undefined ? value : change(value, walked);
  if (typeof value !== 'object' || value === null) return value;
  const into = (key: string, child: unknown): unknown =>
    name === '*' || name === key ? changeAt(child, { path: rest, walked: [...walked, key] }, change) : child;
  if (Array.isArray(value)) return value.map((child, index) => into(String(index), child));
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, into(key, child)]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name) ? Reflect.get(inner, name) : undefined,
    value,
  );
}
