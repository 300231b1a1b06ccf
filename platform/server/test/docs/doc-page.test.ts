// The reader of pages: files, commands, promised statuses, and the languages of a section.

import { expect, it } from 'vitest';
import { callsServer, looseCommands, readPage } from './doc-page.ts';

const page = (...lines: string[]): string => lines.join('\n');
const block = (language: string, ...lines: string[]): string[] => ['', `\`\`\`${language}`, ...lines, '```', ''];

it('a page has a section for each heading, but not for the comments of its commands', () => {
  const sections = readPage(page('# A', ...block('sh', '# a comment', 'true'), '## B', '', 'Text.'));
  expect(sections.map(({ steps }) => steps.length)).toEqual([1, 0]);
});

it('a section has files under the names that the text gives, and their languages unless they are data', () => {
  const [python, data, nameless] = readPage(
    page(
      'Save this as `a.py`:',
      ...block('python', 'pass'),
      '## B',
      '',
      'Save it as `b.json`:',
      ...block('json', '{}'),
      '## C',
      '',
      'Save this as `far.js` some day.',
      '',
      'Another paragraph.',
      ...block('js', ''),
    ),
  );
  expect(python).toEqual({
    languages: ['python'],
    steps: [{ file: { name: 'a.py', language: 'python', text: 'pass\n' } }],
  });
  expect([data?.languages, data?.steps.length, nameless?.steps]).toEqual([[], 1, []]);
});

it('a section has commands with the refusals that they promise', () => {
  const promised = ['call x', '# {"code":"conflict","status":409,...}', 'call y', '# {"status":200}'];
  const [section] = readPage(page(...block('sh', ...promised)));
  expect(section?.steps).toMatchObject([{ commands: { staysOpen: false, refusals: [409] } }]);
});

it('a section has commands that are not run, and ones that stay open', () => {
  const marked = (comment: string) => readPage(page(comment, ...block('sh', 'curl -s x')));
  expect(marked('<!-- not run: needs a phone -->')[0]?.steps).toMatchObject([
    { commands: { notRun: 'needs a phone' } },
  ]);
  expect(marked('<!-- after 2 s -->')[0]?.steps).toMatchObject([{ commands: { afterSeconds: 2 } }]);
  expect(marked('<!-- stays open -->')[0]?.steps).toMatchObject([{ commands: { staysOpen: true } }]);
  expect(['<!-- not run: needs a phone -->', ''].map((comment) => callsServer(marked(comment)))).toEqual([false, true]);
});

it('blocks of bash, which change a machine, are not commands', () => {
  expect(readPage(page(...block('bash', 'rm -rf data')))).toEqual([{ languages: [], steps: [] }]);
});

it('a page has loose commands where curl stands outside of a block of sh', () => {
  const loose = ['    curl -s a', ...block('bash', 'curl -s b'), ...block('sh', 'curl -s c'), 'Call curl for it.'];
  expect(looseCommands(page(...loose))).toEqual(['    curl -s a', 'curl -s b']);
});

it('a section has the answers that comments show, in one line each, and no lines of a log', () => {
  const shown = ['call x', '# {"a":1,', '#    "b":[...]}', 'call y # {}', '# A call', '# {"level":"info",...}'];
  const [section] = readPage(page(...block('sh', ...shown)));
  expect(section?.steps).toMatchObject([{ commands: { answers: ['{"a":1,"b":[...]}'] } }]);
});
