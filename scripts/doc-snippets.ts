// Takes the programs out of a page of the docs, with what a reader is supposed to have around each. Whether
// they compile is the test's.

export interface Snippet {
  /** `ts`, `tsx`, `js`, `jsx` or `svelte`. */
  language: string;
  /** The file that other snippets of the page import it by, where it has a name. */
  file: string | undefined;
  /** What stands before it in the program, in TypeScript. */
  given: string;
  code: string;
  /** Of the page, of the first line of code; from 1. */
  line: number;
}

/**
 * Before the fence of a program a comment may stand, which readers do not see: `<!-- snippet as FILE -->`
 * names it, and after `<!-- snippet:` come the declarations of what it takes for granted.
 */
const fence =
  /(?:<!-- snippet(?: as (?<file>\S+))?(?::\n(?<given>[\s\S]*?))? ?-->\n+)?^(?<indent> *)```(?<language>\w+)\n(?<code>[\s\S]*?)^ *```/gm;
const programs = new Map([
  ...['ts', 'tsx', 'js', 'jsx', 'svelte'].map((name) => [name, name] as const),
  ...([
    ['typescript', 'ts'],
    ['javascript', 'js'],
    ['mjs', 'js'],
    ['mts', 'ts'],
  ] as const),
]);

export function snippetsOf(page: string): Snippet[] {
  return [...page.matchAll(fence)].flatMap((match) => {
    const { file, given = '', language = '', code = '' } = match.groups ?? {};
    const program = programs.get(language);
    if (program === undefined) return [];
    const before = page.slice(0, match.index + match[0].lastIndexOf(code === '' ? '```' : code));
    return [{ language: program, file, given, code, line: before.split('\n').length }];
  });
}
