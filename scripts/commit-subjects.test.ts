// Proves that a subject which breaks a rule is found, in whole and in shallow clones, and that the check says
// where it cannot know.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { checkCommitSubjects, subjectFindings } from './commit-subjects.ts';

const hook = join(import.meta.dirname, '../.githooks/commit-msg');

const commit = (subject: string, parents = ['p']) => ({ hash: 'abcdef0123456789', parents, subject });

describe('the subject of a commit', () => {
  it.each([
    'sessions: keep a session through a reconnect',
    'plugin-kit: sign and verify',
    'stores/mongo: read back an unknown outcome',
    `http: ${'x'.repeat(66)}`,
    `http: ${'字'.repeat(66)}`,
  ])('may be "%s"', (subject) => {
    expect(subjectFindings([commit(subject)])).toEqual([]);
  });

  it.each([
    ['Keep a session through a reconnect', 'part: what it does'],
    ['Sessions: keep a session', 'lower case'],
    ['sessions:keep a session', 'part: what it does'],
    ['sessions: ', 'part: what it does'],
    ['fixup! sessions: keep a session', 'part: what it does'],
    ['console, views: keep a session', 'part: what it does'],
    ['sessions: keep a session.', 'full stop'],
    [`http: ${'x'.repeat(67)}`, 'has 73 characters'],
  ])('may not be "%s"', (subject, problem) => {
    const findings = subjectFindings([commit(subject)]);
    expect(findings).toEqual([expect.stringContaining(problem)]);
    expect(findings[0]).toContain(`abcdef012  ${subject}`);
  });

  it('is refused by the hook before there is a commit', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'belfry-message-')), 'COMMIT_EDITMSG');
    onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
    const judged = (message: string) => {
      writeFileSync(file, message);
      return spawnSync(hook, [file], { cwd: dirname(dirname(hook)), encoding: 'utf8' });
    };
    expect(judged('# a comment of git\n\nhttp: do one thing\n\nConsole, views: why.\n')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(judged("Merge branch 'side'\n")).toMatchObject({ status: 0 });
    expect(judged('console, views: do another\n')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('part: what it does'),
    });
  });

  it('that broke the rule and can no longer be mended is let pass by its hash alone', () => {
    const kept = { ...commit('console, views: format'), hash: '565a40304cec6bf9bfb73b756f8910110d7a07c6' };
    expect(subjectFindings([kept])).toEqual([]);
    expect(subjectFindings([{ ...kept, hash: `${kept.hash.slice(0, -1)}5` }])).toHaveLength(1);
  });

  it('is not asked of a merge, where git writes it', () => {
    expect(subjectFindings([commit("Merge branch 'side'", ['p', 'q'])])).toEqual([]);
  });
});

describe('a repository', () => {
  let folder: string;
  let base: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'belfry-subjects-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    git('init', '--quiet', '--initial-branch=main');
    add('In the old style');
    base = git('rev-parse', 'HEAD');
  });

  function git(...args: string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    return execFileSync('git', [...identity, '-C', folder, ...args], { encoding: 'utf8', env }).trim();
  }
  function add(subject: string): void {
    git('commit', '--quiet', '--allow-empty', '--message', subject);
  }
  function shallowClone(depth: number): string {
    const clone = join(folder, 'clone');
    git('clone', '--quiet', `--depth=${depth}`, `file://${folder}`, clone);
    return clone;
  }

  it('is checked from the commit after the base on', async () => {
    expect(await checkCommitSubjects(folder, base)).toEqual({ ok: true, output: '' });
    add('http: do one thing');
    expect(await checkCommitSubjects(folder, base)).toEqual({ ok: true, output: '' });
    add('Do another');
    expect(await checkCommitSubjects(folder, base)).toMatchObject({
      ok: false,
      output: expect.stringContaining('Do another'),
    });
  });

  it('is checked as far as a shallow clone goes', async () => {
    add('Do one thing');
    add('http: do another');
    add('Do a third');
    expect(await checkCommitSubjects(shallowClone(2), base)).toEqual({
      ok: false,
      output: expect.not.stringContaining('Do one thing'),
    });
  });

  it('is checked after the base where a shallow clone has it', async () => {
    add('http: do one thing');
    expect(await checkCommitSubjects(shallowClone(2), base)).toEqual({ ok: true, output: '' });
  });

  it('with another history is not checked, and says so', async () => {
    expect(await checkCommitSubjects(folder, '0'.repeat(40))).toEqual({
      ok: true,
      output: '',
      warnings: expect.stringContaining('not in this history'),
    });
  });

  it('is not checked when it is none, and the check says so', async () => {
    rmSync(join(folder, '.git'), { recursive: true });
    expect(await checkCommitSubjects(folder, base)).toMatchObject({
      ok: true,
      warnings: expect.stringContaining('no git'),
    });
  });
});
