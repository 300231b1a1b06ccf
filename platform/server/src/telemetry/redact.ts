// Takes secrets out of what is about to be logged, by the names of fields and by the looks of values. The log
// itself is log.ts.

const secretName =
  /token|secret|passw|passphrase|authorization|cookie|credential|signature|private_?key|api_?key|encryption_?key|^key$/i;

/** Names that are only about a secret: where it lies, which it is, how long it lasts. */
const aboutSecret = /(?:file|path|dir|id|name|at|ms|bytes|count|type)$/i;

/**
 * A user token, an API key, a webhook secret: recognizable wherever they stand in a text, and an
 * `Authorization` that was copied whole.
 */
const secretValue =
  /eyJ[\w-]+\.[\w-]+\.[\w-]*|\bbk_[\w.-]{20,}|\bwhsec_[\w+/=-]{16,}|\b(?:Bearer|Basic) [\w.~+/=-]{8,}/g;
/** URLs with a user and a password in them. */
const urlPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi;

/** Marks of which any secret holds one, looked for in one pass: nearly no text does. */
const mayHoldSecret = /eyJ|bk_|whsec_|Bearer |Basic |:\/\//;

/** Deeper than this nobody reads a log line. */
const maxDepth = 6;
/** Longer texts are cut: a line is not a place for a whole body. */
const maxChars = 8192;

const redacted = '[redacted]';

/**
 * A copy that may be written. Numbers and booleans stay even under a secret's name: `tokens: 3` gives nothing
 * away.
 */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactMembers(fields, 0);
}

export function redactText(text: string): string {
  const short =
    text.length > maxChars ? `${text.slice(0, maxChars).toWellFormed()}… (${text.length} characters)` : text;
  if (!mayHoldSecret.test(short)) return short;
  return short.replace(secretValue, redacted).replace(urlPassword, `$1:${redacted}@`);
}

function redactMembers(value: object, depth: number): Record<string, unknown> {
  const members = Object.entries(value).map(([name, member]: [string, unknown]) => {
    const hide = isSecret(name) && (typeof member === 'string' || (typeof member === 'object' && member !== null));
    return [name, hide ? redacted : redactValue(member, depth + 1)];
  });
  return Object.fromEntries(members) as Record<string, unknown>;
}

/**
 * Names of fields come from the code and are few; those of what somebody sent are not kept beyond a bound.
 */
const checkedNames = new Map<string, boolean>();
const mostCheckedNames = 1000;

function isSecret(name: string): boolean {
  const known = checkedNames.get(name);
  if (known !== undefined) return known;
  const verdict = secretName.test(name) && !aboutSecret.test(name);
  if (checkedNames.size < mostCheckedNames) checkedNames.set(name, verdict);
  return verdict;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > maxDepth) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map || value instanceof Set) return redactValue([...value], depth);
  if (Array.isArray(value)) return value.map((element) => redactValue(element, depth + 1));
  return redactMembers(value, depth);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return {
    ...redactMembers(error, depth),
    name,
    message: redactText(message),
    ...(stack === undefined ? {} : { stack: redactText(stack) }),
    ...(cause === undefined ? {} : { cause: redactValue(cause, depth + 1) }),
  };
}
