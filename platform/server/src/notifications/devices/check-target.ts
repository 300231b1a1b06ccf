// What a push target must look like is its provider's to say: asks it, and gives the target as it is kept.

import { createHash } from 'node:crypto';
import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../../ports/app-id.ts';

/** The part of a configured provider that devices need, as the plugin host hands it out. */
export interface TargetCheck {
  /** Whoever has a target then is whose device it is; else it may be anybody who knows a name. */
  readonly targetsAreSecret: boolean;
  parseTarget(
    target: unknown,
  ): { ok: true; value: unknown } | { ok: false; path: readonly PropertyKey[]; detail: string };
}

export type ProviderOf = (app: AppId, providerId: string) => Promise<TargetCheck | undefined>;

/** Throws `unknown_provider`, `invalid_target` with the path. */
export async function checkTarget(
  provider: ProviderOf,
  app: AppId,
  given: { provider: string; target: unknown },
): Promise<{ target: Record<string, unknown>; targetsAreSecret: boolean }> {
  const validator = await provider(app, given.provider);
  if (validator === undefined) throw new BelfryError('unknown_provider', { path: ['provider'] });
  const verdict = validator.parseTarget(given.target);
  if (!verdict.ok)
    throw new BelfryError('invalid_target', { message: verdict.detail, path: ['target', ...verdict.path] });
  const { value } = verdict;
  // A provider's target schema is an object's (plugin-kit says so), so this only guards against a provider
  // that breaks its word.
  if (typeof value !== 'object' || value === null) throw new BelfryError('invalid_target', { path: ['target'] });
  return { target: Object.fromEntries(Object.entries(value)), targetsAreSecret: validator.targetsAreSecret };
}

/** SHA-256 (hex) of provider and target, whatever the order in which the target's members came. */
export function hashTarget(provider: string, target: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify([provider, ordered(target)]))
    .digest('hex');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([key, member]) => [key, ordered(member)]);
}

/** Throws `too_large`: whatever else a provider lets through in a target is bounded too. */
export function refuseTooLarge(target: Record<string, unknown>, mostBytes: number): void {
  if (Buffer.byteLength(JSON.stringify(target)) <= mostBytes) return;
  const message = `A push target has at most ${mostBytes} bytes.`;
  throw new BelfryError('too_large', { message, path: ['target'] });
}
