// Checks what `setup` of a provider returned. Never throws, calls none of its methods.
import type { NotificationProvider, ProviderInstance } from './notification-provider.ts';

export type InstanceCheck = { ok: true; instance: ProviderInstance } | { ok: false; problems: string[] };

const optionalMethods = ['check', 'clear', 'parseReceipt', 'pollReceipts', 'close'] as const;

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

function unmetClaims(instance: ProviderInstance, plugin: NotificationProvider): string[] {
  const claims = [
    ['clear', 'clear', plugin.supports.clear === true, instance.clear !== undefined],
    [
      'receipts',
      'parseReceipt or pollReceipts',
      plugin.supports.receipts === true,
      instance.parseReceipt !== undefined || instance.pollReceipts !== undefined,
    ],
  ] as const;
  return claims
    .filter(([, , claimed, there]) => claimed !== there)
    .map(([name, method, claimed]) =>
      claimed
        ? `supports.${name}: is claimed, but setup returns no ${method}`
        : `supports.${name}: is not claimed, but setup returns ${method}`,
    );
}
