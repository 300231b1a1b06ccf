// Compares a value with a matcher, collects captures, and fills captures in. The words are described in
// README.md.

export type Captures = Map<string, unknown>;

/** Where and how a value differs from what was expected. */
export interface Mismatch {
  path: string;
  expected: string;
  got: string;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const words: Readonly<Record<string, (value: unknown) => boolean>> = {
  $any: (value) => value !== undefined && value !== null,
  $absent: (value) => value === undefined,
  $string: (value) => typeof value === 'string' && value !== '',
  $number: (value) => typeof value === 'number',
  $uuid: (value) => typeof value === 'string' && uuidPattern.test(value),
  $time: (value) => typeof value === 'string' && timePattern.test(value) && !Number.isNaN(Date.parse(value)),
};

/**
 * Undefined when the value is as expected; then, and only then, what the matcher captures is added to the
 * captures. A capture can be used further on in the same matcher.
 */
export function match(expected: unknown, value: unknown, captures: Captures): Mismatch | undefined {
  const found: Captures = new Map(captures);
  const mismatch = compare({ expected, value, path: '' }, found);
  if (mismatch === undefined) for (const [name, captured] of found) captures.set(name, captured);
  return mismatch;
}

/** The same value with every `$var:name` replaced. Throws for a name that nothing has captured. */
export function fillIn(value: unknown, captures: Captures): unknown {
  if (typeof value === 'string') return value.startsWith('$var:') ? lookUp(value.slice(5), captures) : value;
  if (Array.isArray(value)) return value.map((item) => fillIn(item, captures));
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillIn(member, captures)]));
  }
  return value;
}

/** The same path with every `{name}` replaced, percent-encoded. */
export function fillInPath(path: string, captures: Captures): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(lookUp(name, captures))));
}

interface Comparison {
  expected: unknown;
  value: unknown;
  path: string;
}

function compare({ expected, value, path }: Comparison, captures: Captures): Mismatch | undefined {
  if (typeof expected === 'string' && expected.startsWith('$')) return compareWord({ expected, value, path }, captures);
  if (Array.isArray(expected)) {
    if (!Array.isArray(value) || value.length !== expected.length)
      return differ(path, `a list of ${expected.length}`, value);
    return firstOf(expected.entries(), ([index, item]) =>
      compare({ expected: item, value: value[index], path: `${path}[${index}]` }, captures),
    );
  }
  if (isObject(expected)) {
    const listed = expected['$contains'] ?? expected['$unordered'];
    if (Array.isArray(listed)) return compareUnordered({ expected, listed, value, path }, captures);
    if (!isObject(value)) return differ(path, 'an object', value);
    return firstOf(Object.entries(expected), ([key, member]) =>
      compare({ expected: member, value: value[key], path: path === '' ? key : `${path}.${key}` }, captures),
    );
  }
  return Object.is(expected, value) ? undefined : differ(path, show(expected), value);
}

function compareWord(
  { expected, value, path }: Comparison & { expected: string },
  captures: Captures,
): Mismatch | undefined {
  if (expected.startsWith('$capture:')) {
    if (value === undefined) return differ(path, 'anything', value);
    captures.set(expected.slice(9), value);
    return undefined;
  }
  if (expected.startsWith('$var:')) {
    return compare({ expected: lookUp(expected.slice(5), captures), value, path }, captures);
  }
  const test = words[expected];
  if (test === undefined) throw new Error(`${expected} is no word of the format`);
  return test(value) ? undefined : differ(path, expected, value);
}

// Each listed item takes the first element that fits it. Good enough for items that do not overlap, and items
// of a scenario should not: which of two was meant would be a riddle to the reader as well.
function compareUnordered(
  { expected, listed, value, path }: Comparison & { expected: object; listed: unknown[] },
  captures: Captures,
): Mismatch | undefined {
  if (!Array.isArray(value)) return differ(path, 'a list', value);
  if ('$unordered' in expected && value.length !== listed.length)
    return differ(path, `a list of ${listed.length}`, value);
  const left: unknown[] = Array.from<unknown>(value);
  return firstOf(listed, (item) => {
    const index = left.findIndex((element) => match(item, element, captures) === undefined);
    if (index === -1) return differ(path, `an element like ${show(item)}`, value);
    left.splice(index, 1);
    return undefined;
  });
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => Mismatch | undefined): Mismatch | undefined {
  for (const item of items) {
    const mismatch = find(item);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function lookUp(name: string, captures: Captures): unknown {
  if (!captures.has(name)) throw new Error(`nothing was captured as ${name}`);
  return captures.get(name);
}

function differ(path: string, expected: string, value: unknown): Mismatch {
  return { path: path === '' ? '(the whole)' : path, expected, got: show(value) };
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
