import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { asCode } from './as-code.ts';

const hostile = `it's "$HOME" \`id\` \\ $(id)\n<b>`;
const notice = { kind: 'direct', data: { title: hostile }, audience: { users: ["o'neill"] } };
const codeOf = (id: string, request: Parameters<typeof asCode>[0]) =>
  asCode(request, 'https://belfry.example/').find((tab) => tab.id === id)?.code ?? '';

test('a shell hands the request on as it is, whatever is in it', () => {
  const code = codeOf('curl', notice)
    .replace(/^curl -s/, 'print')
    .replace('"Authorization: Bearer $BELFRY_KEY"', 'x');
  const script = `print() { for each in "$@"; do last="$each"; done; printf '%s' "$last"; }\n${code}`;
  expect(JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }))).toEqual(notice);
  expect(codeOf('curl', notice)).toContain("'https://belfry.example/api/v1/broadcasts'");
});

test('JavaScript sends the request as it is', () => {
  const body = /body: (JSON\.stringify\([\s\S]*\)),\n\}\);/.exec(codeOf('node', notice))?.[1] ?? '';
  expect(JSON.parse(String(runInNewContext(body)))).toEqual(notice);
});

test('the SDK is shown for what it can send', () => {
  expect(codeOf('sdk', notice)).toBe('');
  const message = {
    kind: 'message',
    data: { type: 'text', content: { text: 'Hi' } },
    audience: { conversation: 'c1' },
  };
  expect(codeOf('sdk', { ...message, sender: 'ann' })).toMatch(/^belfry\.send\(\{\s+"conversationId": "c1"/);
});
