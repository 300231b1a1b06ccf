// Takes the secrets of one configuration out of whatever a plugin says. Does not know which fields are
// secret: the kit's secretValues does.

/** Shorter ones would be found by chance in any text. */
const shortestChars = 4;
/** Long enough to be of a key file and not a word. */
const longLineChars = 20;
const deepest = 8;
const mask = '[redacted]';

export interface Redactor {
  text(text: string): string;
  /** A copy with every string in it redacted; what lies deeper than 8 levels is left out. */
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/**
 * Finds each secret as it is, as base64, and as it stands in a URL or a JSON text; of a secret of several
 * lines, each long line.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const found = [...new Set(secrets.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  const text = (given: string): string => found.reduce((said, secret) => said.replaceAll(secret, mask), given);
  const redact = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth === 0) return '[deep]';
    if (value instanceof Error) return text(`${value.name}: ${value.message}`);
    if (value instanceof Uint8Array) return `[${value.length} bytes]`;
    if (Array.isArray(value)) return value.map((part) => redact(part, depth - 1));
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [text(name), redact(part, depth - 1)]));
  };
  return {
    text,
    fields: (fields) => Object.fromEntries(Object.entries(fields).map(([name, part]) => [name, redact(part, deepest)])),
  };
}

function formsOf(secret: string): string[] {
  if (secret.length < shortestChars) return [];
  const lines = secret.split(/\r?\n|\\n/).filter((line) => line.length >= longLineChars && !line.startsWith('-----'));
  return [
    secret,
    ...lines,
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ];
}
