// The rules about source files that no linter knows: the first line says what the file is for, and a file
// stays short. Reads nothing itself.
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

export function sourceFindings({ path, text }: SourceFile): Finding[] {
  return [...firstLine({ path, text }), ...length({ path, text })];
}

function firstLine({ path, text }: SourceFile): Finding[] {
  if (!/^(platform\/[^/]+\/src|plugins\/[^/]+)\/.*(?<!\.test)\.ts$/.test(path)) return [];
  // A program that is run by name begins with its interpreter.
  const lines = text.split('\n');
  const first = (lines[0]?.startsWith('#!') ? lines[1] : lines[0]) ?? '';
  if (/^(\/\/|\/\*\*?) .*\w+ \w+/.test(first) && !/^\/\/ (eslint|@ts|prettier)/.test(first)) return [];
  return [
    { path, severity: 'error', message: 'the first line must be a comment saying what the file is responsible for' },
  ];
}

function length({ path, text }: SourceFile): Finding[] {
  if (!path.endsWith('.ts')) return [];
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines > failLines) {
    return [{ path, severity: 'error', message: `${lines} lines; past ${failLines} a file is two things` }];
  }
  if (lines > warnLines) return [{ path, severity: 'warning', message: `${lines} lines; rarely over ${warnLines}` }];
  return [];
}
