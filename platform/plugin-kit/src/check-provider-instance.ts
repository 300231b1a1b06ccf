// Checks what `setup` of a provider returned. Never throws, calls none of its methods.
import type { NotificationProvider, ProviderInstance } from './notification-provider.ts';

export type InstanceCheck = { ok: true; instance: ProviderInstance } | { ok: false; problems: string[] };

const optionalMethods = ['sendMany', 'check', 'clear', 'parseReceipt', 'pollReceipts', 'close'] as const;

/** The methods must match what `plugin` says it supports. Each problem is `path: reason`. */
export function checkProviderInstance(value: unknown, plugin: NotificationProvider): InstanceCheck {
  try {
    if (!hasMethods(value)) return { ok: false, problems: problemsOf(value) };
    const problems = unmetClaims(value, plugin);
    return problems.length === 0 ? { ok: true, instance: value } : { ok: false, problems };
  } catch {
    return { ok: false, problems: ['setup: what it returned cannot be read'] };
  }
}

function hasMethods(value: unknown): value is ProviderInstance {
  return problemsOf(value).length === 0;
}

function problemsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return ['setup: must return an object with send'];
  const problems: string[] = [];
  if (typeof Reflect.get(value, 'send') !== 'function')
    problems.push('setup: what it returns must have the method send');
  for (const name of optionalMethods) {
    const method: unknown = Reflect.get(value, name);
    if (method !== undefined && typeof method !== 'function')
      problems.push(`setup: ${name} must be a method or missing`);
  }
  return problems;
}

function unmetClaims(instance: ProviderInstance, { limits, supports }: NotificationProvider): string[] {
  const problems: string[] = [];
  if (supports.clear === true && instance.clear === undefined)
    problems.push('supports.clear: is claimed, but setup returns no clear');
  if (supports.clear !== true && instance.clear !== undefined)
    problems.push('supports.clear: is not claimed, but setup returns clear');
  // Whether a tenant may send many at once may be a matter of their plan.
  if (instance.sendMany !== undefined && limits.batch === undefined)
    problems.push('limits.batch: is missing, but setup returns sendMany');
  // Whether there are receipts may be the tenant's choice.
  const hasReceipts = instance.parseReceipt !== undefined || instance.pollReceipts !== undefined;
  if (supports.receipts !== true && hasReceipts)
    problems.push('supports.receipts: is not claimed, but setup returns parseReceipt or pollReceipts');
  return problems;
}
