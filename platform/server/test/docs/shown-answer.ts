// Compares the answer that a page shows with the one that its reader gets. The page leaves out with `...`: further
// fields or elements, the rest of a text. Numbers and times may be others, and fields in another order.

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** No page shows it. */
const leftOut = '\u0000';

/** Whether one of the printed lines is the answer as it is shown. */
export function isPrinted(shown: string, printed: string): boolean {
  const expected = parse(asJson(shown));
  if (expected === undefined) throw new Error(`a page shows an answer that is no JSON: ${shown}`);
  return printed.split('\n').some((line) => {
    const got = parse(line);
    return got !== undefined && fits(expected, got);
  });
}

/** What is left out becomes a field or an element of that name. */
function asJson(shown: string): string {
  const open: string[] = [];
  let before = '';
  return shown.replaceAll(/"[^"]*"|\.\.\.|\S/g, (part) => {
    const isField = open.at(-1) === '{' && before !== ':';
    before = part;
    if (part === '{' || part === '[') open.push(part);
    if (part === '}' || part === ']') open.pop();
    return part === '...' ? `${JSON.stringify(leftOut)}${isField ? ':1' : ''}` : part;
  });
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function fits(shown: Json, got: Json): boolean {
  if (typeof shown === 'string') return shown === leftOut || (typeof got === 'string' && textFits(shown, got));
  if (typeof shown === 'number') return typeof got === 'number';
  if (typeof shown !== 'object' || shown === null) return shown === got;
  if (typeof got !== 'object' || got === null || Array.isArray(got) !== Array.isArray(shown)) return false;
  const fields = Object.entries(shown).filter(([name, value]) => name !== leftOut && value !== leftOut);
  const mayHaveMore = fields.length < Object.keys(shown).length;
  const others = new Map(Object.entries(got));
  return (
    fields.every(([name, value]) => others.has(name) && fits(value, others.get(name) ?? null)) &&
    (mayHaveMore || others.size === fields.length)
  );
}

const time = /\d\d\.\d{3}Z$/;

function textFits(shown: string, got: string): boolean {
  if (time.test(shown)) return time.test(got);
  return new RegExp(`^${shown.split('...').map(RegExp.escape).join('.*')}$`, 's').test(got);
}
