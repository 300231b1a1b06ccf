// The rules about source files that no linter knows: the first line says what the file is for, a file stays
// short, and its comments and test names are plain English. Reads nothing itself.
export interface SourceFile {
  /** Relative to the root, with slashes. */
  path: string;
  text: string;
}

export interface Finding {
  path: string;
  severity: 'warning' | 'error';
  message: string;
}

/** CONTRIBUTING.md: rarely over 300 lines; a file past 400 is two things. */
const warnLines = 300;
const failLines = 400;

/** CONTRIBUTING.md, "Words". */
const mostColumns = 110;
const comment = /^\s*(?:\/\/|\/?\*)/;
/** For a tool: it cannot be wrapped. */
const directive = /^\s*\/\/ (?:eslint|@ts|prettier)/;
const hiddenSubject = /^\s*(?:\/\/|\/\*\*?|\*)\s*(?:Who|Whoever|Whose|What|Those|That which)\b/;
/** `it.each(...)('...')` has its name on a line of its own, where it looks like any other text. */
const namelessTest =
  /\b(?:it|test)(?:\.\w+)*\(\s*['"`](?:it|they|this|that|those|these|he|she|who|whoever|what|whose)\b/;

export function sourceFindings({ path, text }: SourceFile): Finding[] {
  return [...firstLine({ path, text }), ...length({ path, text }), ...english({ path, text })];
}

function firstLine({ path, text }: SourceFile): Finding[] {
  if (!/^(platform\/[^/]+\/src|console\/src|plugins\/[^/]+)\/.*(?<!\.test)\.ts$/.test(path)) return [];
  // A program that is run by name begins with its interpreter.
  const lines = text.split('\n');
  const first = (lines[0]?.startsWith('#!') ? lines[1] : lines[0]) ?? '';
  if (/^(\/\/|\/\*\*?) .*\w+ \w+/.test(first) && !/^\/\/ (eslint|@ts|prettier)/.test(first)) return [];
  return [
    { path, severity: 'error', message: 'the first line must be a comment saying what the file is responsible for' },
  ];
}

function length({ path, text }: SourceFile): Finding[] {
  if (!/\.(?:tsx?|m?js|svelte)$/.test(path)) return [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > failLines) {
    return [{ path, severity: 'error', message: `${lines} lines; past ${failLines} a file is two things` }];
  }
  if (lines > warnLines) return [{ path, severity: 'warning', message: `${lines} lines; rarely over ${warnLines}` }];
  return [];
}

/** A line a rule, with the numbers of the lines that break it. */
function english({ path, text }: SourceFile): Finding[] {
  const lines = text.split('\n');
  const broken: readonly [string, (line: string) => boolean][] = [
    [
      `a comment of more than ${mostColumns} columns`,
      (line) => line.length > mostColumns && comment.test(line) && !directive.test(line),
    ],
    ['a comment that does not begin with its subject', (line) => hiddenSubject.test(line)],
    ['a test name that does not say what it is about', (line) => namelessTest.test(line)],
  ];
  return broken.flatMap(([what, isBroken]): Finding[] => {
    const at = lines.flatMap((line, index) => (isBroken(line) ? [index + 1] : []));
    return at.length === 0 ? [] : [{ path, severity: 'warning', message: `${what}, line ${at.join(', ')}` }];
  });
}
