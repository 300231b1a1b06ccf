// Proves that a file without a purpose in its first line, or too long, is found, and which files the rules
// leave alone.
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

  test('of 401 lines is an error, in a test too', () => {
    const text = linesOf(401);
    expect(sourceFindings({ path, text })).toMatchObject([{ severity: 'error' }]);
    expect(sourceFindings({ path: 'platform/server/test/a.test.ts', text })).toMatchObject([{ severity: 'error' }]);
  });
});
