// The programs in Go on the pages of the docs, run as they stand against a real server.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { pagesWith, playPage } from './play-page.ts';
import { requestToVerify, verified, verifierIn } from './webhook-verifiers.ts';

it.each(pagesWith('go'))(
  '$page has programs in Go that work',
  async ({ markdown }) => {
    const { code, wrong, output } = await playPage(markdown, { languages: ['go'] });
    expect({ code, wrong }, output).toEqual({ code: 0, wrong: [] });
  },
  240_000,
);

it('the verifier of webhooks in Go takes what is signed, and nothing else', () => {
  const folder = createTemporaryFolder();
  onTestFinished(folder.remove);
  const calls = [
    'package main',
    'import ("fmt"; "net/http"; "os")',
    'func of(t, s string) http.Header {',
    '  h := http.Header{}',
    '  h.Set("webhook-id", os.Getenv("ID")); h.Set("webhook-timestamp", os.Getenv(t)); h.Set("webhook-signature", os.Getenv(s))',
    '  return h',
    '}',
    'func main() {',
    '  now, old := of("TIMESTAMP", "SIGNATURE"), of("OLD_TIMESTAMP", "OLD_SIGNATURE")',
    '  secret, body := os.Getenv("SECRET"), os.Getenv("BODY")',
    '  fmt.Println(verify(secret, now, []byte(body)), verify(secret, now, []byte(body+" ")), verify(secret, old, []byte(body)))',
    '}',
  ];
  writeFileSync(join(folder.path, 'verify.go'), verifierIn('go'));
  writeFileSync(join(folder.path, 'main.go'), calls.join('\n'));
  const env = { ...process.env, ...requestToVerify() };
  const output = execFileSync('go', ['run', 'main.go', 'verify.go'], { cwd: folder.path, env, encoding: 'utf8' });
  expect(output.trim()).toBe(verified);
}, 60_000);
