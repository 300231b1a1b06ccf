// Proves that a file is found that has no purpose in its first line, is too long, or has a comment or test
// name that is not plain, and which files the rules leave alone.
import { describe, expect, test } from 'vitest';
import { sourceFindings } from './source-rules.ts';

const purpose = '// Keeps the list of rooms. Does not send anything.\n';
const path = 'platform/server/src/sessions/rooms.ts';

function linesOf(count: number): string {
  return purpose + 'x;\n'.repeat(count - 1);
}

describe('the first line', () => {
  test.each([
    ['code', 'export const x = 1;\n'],
    ['nothing', ''],
    ['a directive for a tool', '// eslint-disable-next-line no-console\n'],
    ['a comment that is no sentence', '// rooms\n'],
  ])('that is %s is an error', (_what, text) => {
    expect(sourceFindings({ path, text })).toMatchObject([{ path, severity: 'error' }]);
  });

  test.each(['platform/protocol/src/index.ts', 'plugins/notify-fcm/index.ts', 'plugins/_template/src/index.ts'])(
    'is looked at in %s',
    (file) => {
      expect(sourceFindings({ path: file, text: 'x;\n' })).toHaveLength(1);
    },
  );

  test.each(['platform/server/src/a.test.ts', 'platform/server/test/support/a.ts', 'scripts/check.ts'])(
    'is not looked at in %s',
    (file) => {
      expect(sourceFindings({ path: file, text: 'x;\n' })).toEqual([]);
    },
  );

  test.each([purpose, `#!/usr/bin/env node\n${purpose}`, '/** Keeps the list of rooms. */\n'])('may be %j', (text) => {
    expect(sourceFindings({ path, text })).toEqual([]);
  });
});

describe('the length', () => {
  test('of 300 lines is fine', () => {
    expect(sourceFindings({ path, text: linesOf(300) })).toEqual([]);
  });

  test.each([301, 400])('of %d lines is a warning', (count) => {
    expect(sourceFindings({ path, text: linesOf(count) })).toMatchObject([{ severity: 'warning' }]);
  });

  test('of 401 lines is an error, in a test, a component and a configuration too', () => {
    const text = linesOf(401);
    expect(sourceFindings({ path, text })).toMatchObject([{ severity: 'error' }]);
    for (const other of ['platform/server/test/a.test.ts', 'console/src/lib/a.svelte', '.rules.mjs']) {
      expect(sourceFindings({ path: other, text })).toMatchObject([{ severity: 'error' }]);
    }
  });
});

describe('plain English', () => {
  const long = 'x '.repeat(60);

  test.each([
    ['a line comment that is too wide', `// Rooms ${long}`, /110 columns, line 2/],
    ['a block comment that is too wide', `/**\n * Rooms ${long}\n */`, /110 columns, line 3/],
    ['a comment that begins with What', '/** What a room holds. */', /its subject, line 2/],
    ['a comment that begins with Whoever', '// Whoever is in the room.', /its subject, line 2/],
    [
      'a test name that begins with a pronoun',
      `test(${JSON.stringify('that is full is left alone')}, () => {});`,
      /is about, line 2/,
    ],
  ])('%s is a warning', (_what, line, message) => {
    const [finding, ...others] = sourceFindings({ path, text: `${purpose}${line}\n` });
    expect(finding).toMatchObject({ path, severity: 'warning' });
    expect(finding?.message).toMatch(message);
    expect(others).toEqual([]);
  });

  test('several lines of a file that break one rule are one warning', () => {
    const text = `${purpose}// Who is in.\nx;\n// What is out.\n`;
    expect(sourceFindings({ path, text })).toMatchObject([{ message: expect.stringMatching(/line 2, 4$/) as string }]);
  });

  test.each([
    ['code that is wide', `const rooms = '${long}';`],
    ['a directive for a tool', `// eslint-disable-next-line no-console -- ${long}`],
    ['a comment with its subject first', '// Rooms whose key is known; what they hold is theirs.'],
    ['a test name that is a sentence', "test('a room that is full is left alone', () => {});"],
  ])('%s is fine', (_what, line) => {
    expect(sourceFindings({ path, text: `${purpose}${line}\n` })).toEqual([]);
  });
});
