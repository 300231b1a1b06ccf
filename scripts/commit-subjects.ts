// Checks the subjects of commits against CONTRIBUTING. Nothing but subjects is read.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { StepOutcome } from './steps.ts';

/** The last commit before the rule was kept. Older subjects stay as they are: history is not rewritten. */
const lastUnchecked = '315b04a3e6837db2f13aac2e2b5d700155ea66d8';

/** Commits whose subject broke the rule and which were found when they could not be written anew. */
const kept: ReadonlySet<string> = new Set(['565a40304cec6bf9bfb73b756f8910110d7a07c6']);

const maxChars = 72;

export interface Commit {
  hash: string;
  parents: readonly string[];
  subject: string;
}

/** One line for each commit that breaks a rule. */
export function subjectFindings(commits: readonly Commit[]): string[] {
  return commits.flatMap(({ hash, parents, subject }) => {
    // Git writes the subject of a merge.
    const problem = parents.length > 1 || kept.has(hash) ? undefined : subjectProblem(subject);
    return problem === undefined ? [] : [`${hash.slice(0, 9)}  ${subject}\n  ${problem}`];
  });
}

/** The rule that a subject breaks, or undefined. */
export function subjectProblem(subject: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9/.-]*: \S/.test(subject)) return 'must read `part: what it does`, the part in lower case';
  if (subject.endsWith('.')) return 'must not end with a full stop';
  const chars = Array.from(subject).length;
  return chars > maxChars ? `has ${chars} characters; ${maxChars} is the most` : undefined;
}

/**
 * Of all commits since `base`. A shallow clone that ends before it has only commits that came after it: all
 * of them are checked. Where nothing can be known (no git, no repository, another history), it passes with a
 * warning.
 */
export async function checkCommitSubjects(root: string, base = lastUnchecked): Promise<StepOutcome> {
  // The repository may belong to another user than the one who checks it, as in a container.
  const git = async (...args: string[]): Promise<string> => {
    const command = ['-c', `safe.directory=${root}`, '-C', root, ...args];
    return (await promisify(execFile)('git', command, { maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
  };
  const unknown = (why: string): StepOutcome => ({ ok: true, output: '', warnings: `not checked: ${why}` });
  let isShallow: boolean;
  try {
    isShallow = (await git('rev-parse', '--is-shallow-repository')) === 'true';
  } catch {
    return unknown('this is no git repository, or there is no git');
  }
  const hasBase = await git('cat-file', '-e', `${base}^{commit}`).then(
    () => true,
    () => false,
  );
  if (!hasBase && !isShallow) return unknown(`${base} is not in this history`);
  const range = hasBase ? [`${base}..HEAD`] : ['HEAD'];
  const findings = subjectFindings(commitsOf(await git('log', '--format=%H%x09%P%x09%s', ...range)));
  return { ok: findings.length === 0, output: findings.join('\n') };
}

function commitsOf(log: string): Commit[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [hash = '', parents = '', ...subject] = line.split('\t');
      return { hash, parents: parents.split(' ').filter((parent) => parent !== ''), subject: subject.join('\t') };
    });
}
