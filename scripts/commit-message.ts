// Judges the file of a commit's message, for git's hook: its first line that is no comment is the subject.
import { readFileSync } from 'node:fs';
import { subjectProblem } from './commit-subjects.ts';

const lines = readFileSync(process.argv[2] ?? '', 'utf8').split('\n');
const subject = lines.find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
// Git writes the subject of a merge. An empty message is refused by git itself.
const problem = subject === '' || subject.startsWith('Merge ') ? undefined : subjectProblem(subject);
if (problem !== undefined) {
  console.error(`The subject "${subject}" ${problem}`);
  process.exitCode = 1;
}
