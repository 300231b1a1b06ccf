// Finds secrets in anything that leaves a plugin: log fields, outcomes, errors with their causes. Reads,
// never changes.

/** Shorter ones would be found by chance. */
const shortestChars = 6;
const deepest = 8;

/**
 * Of `secrets`, those that show anywhere in `value`. A long line of a secret with several lines (a key file)
 * counts as the secret.
 */
export function leakedSecrets(value: unknown, secrets: readonly string[]): string[] {
  const texts = [...textsOf(value, deepest)];
  return secrets.filter((secret) => partsOf(secret).some((part) => texts.some((text) => text.includes(part))));
}

/** Secrets that are too short to be looked for. */
export function unfindableSecrets(secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret.length < shortestChars);
}

function partsOf(secret: string): string[] {
  if (secret.length < shortestChars) return [];
  const lines = secret.split(/\r?\n|\\n/).filter((line) => line.length >= 20 && !line.startsWith('-----'));
  return [secret, ...lines];
}

function* textsOf(value: unknown, depth: number): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null || depth === 0) return;
  if (value instanceof Uint8Array) {
    yield new TextDecoder().decode(value);
    return;
  }
  if (value instanceof URL) yield value.href;
  if (value instanceof Map || value instanceof Set) yield* textsOf([...value], depth - 1);
  // Own property names: Object.keys does not show message, stack and cause of an Error.
  for (const name of Object.getOwnPropertyNames(value)) {
    yield name;
    yield* textsOf(Reflect.get(value, name), depth - 1);
  }
}
