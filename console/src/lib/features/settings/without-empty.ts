// Leaves out of a change what says nothing: members that are undefined, and objects in which nothing is left.

export function withoutEmpty(change: object): Record<string, unknown> {
  const kept = new Map<string, unknown>();
  for (const [name, value] of Object.entries(change) as [string, unknown][]) {
    if (value === undefined) continue;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      kept.set(name, value);
      continue;
    }
    const inner = withoutEmpty(value);
    if (Object.keys(inner).length > 0) kept.set(name, inner);
  }
  return Object.fromEntries(kept);
}
