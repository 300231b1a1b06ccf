// Finds what a script uses and the oldest promised browsers lack (docs/browsers.md). What they lack is the table
// below; syntax is the bundler's, which is told of the same browsers.
import { parseSync, Visitor } from 'rolldown/utils';

/**
 * `Promise.try`: of a global. `.isSubsetOf`: of any value; nothing older has such a method. A name alone: a
 * global. Lacking in Safari 16.4, Firefox 115 or Chrome 111.
 */
const missing: ReadonlySet<string> = new Set([
  ...['Promise.withResolvers', 'Promise.try', 'Array.fromAsync', 'Object.groupBy', 'Map.groupBy', 'RegExp.escape'],
  ...['URL.canParse', 'URL.parse', 'AbortSignal.any', 'Error.isError', 'Math.sumPrecise', 'Response.json'],
  ...['Uint8Array.fromBase64', 'Uint8Array.fromHex', 'Atomics.waitAsync', 'Intl.DurationFormat', 'Intl.Segmenter'],
  ...['.isWellFormed', '.toWellFormed', '.isSubsetOf', '.isSupersetOf', '.isDisjointFrom', '.symmetricDifference'],
  ...['.toBase64', '.toHex', '.setFromBase64', '.transferToFixedLength', '.checkVisibility', '.setHTMLUnsafe'],
  ...['.getOrInsert', '.getOrInsertComputed', '.union', '.intersection', '.waitAsync'],
  ...['Iterator', 'scheduler', 'navigation', 'cookieStore', 'requestIdleCallback', 'DisposableStack', 'Float16Array'],
]);
const globals = new Set(['window', 'globalThis', 'self']);

interface Node {
  type: string;
  start: number;
  end: number;
}

/** The names that are used, each once. One that stands behind a test that names it is none. */
export function missingApis(code: string): string[] {
  const { program, errors } = parseSync('script.js', code);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const found = new Set<string>();
  /** Those that the place in hand stands behind, or in. */
  const tests: Node[] = [];
  const called = new Set<Node>();
  const textOf = ({ start, end }: Node): string => code.slice(start, end);
  const call = (callee: Node): void => {
    called.add(callee);
    if (callee.type === 'Identifier') use(textOf(callee), callee);
  };
  const use = (name: string, node: Node): void => {
    const last = name.split('.').at(-1) ?? name;
    // To read what is not there is a test; to call it is none.
    const isTested = tests.some((test) => textOf(test).includes(last) && !(isWithin(node, test) && called.has(node)));
    if (missing.has(name) && !isTested) found.add(name);
  };
  const leave = (): void => void tests.pop();
  new Visitor({
    IfStatement: ({ test }) => void tests.push(test),
    'IfStatement:exit': leave,
    ConditionalExpression: ({ test }) => void tests.push(test),
    'ConditionalExpression:exit': leave,
    LogicalExpression: ({ left }) => void tests.push(left),
    'LogicalExpression:exit': leave,
    NewExpression: ({ callee }) => call(callee),
    CallExpression: ({ callee }) => call(callee),
    MemberExpression(member) {
      if (member.computed) return;
      const [of, name] = [textOf(member.object), textOf(member.property)];
      use(globals.has(of) ? name : `${of}.${name}`, member);
      use(`.${name}`, member);
    },
    Literal(literal) {
      if ('regex' in literal && literal.regex.flags.includes('v')) found.add('the flag v of a regular expression');
    },
  }).visit(program);
  return [...found].sort();
}

function isWithin(inner: Node, outer: Node): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
