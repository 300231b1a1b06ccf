// Changes JSON by JSON, as RFC 7396 says. Not which fields may be changed: the schema of a body.

/**
 * What is given replaces what is there, objects member by member; `null` takes a member away, and what is
 * undefined says nothing.
 */
export function mergePatch(target: unknown, patch: object): Record<string, unknown> {
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch) as [string, unknown][]) {
    if (value === null) merged.delete(name);
    else if (value !== undefined) merged.set(name, isObject(value) ? mergePatch(merged.get(name), value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
