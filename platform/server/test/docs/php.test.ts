// The programs in PHP on the pages of the docs, run as they stand against a real server.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { pagesWith, playPage } from './play-page.ts';
import { requestToVerify, verified, verifierIn } from './webhook-verifiers.ts';

it.each(pagesWith('php'))(
  '$page has programs in PHP that work',
  async ({ markdown }) => {
    const { code, wrong, output } = await playPage(markdown, { languages: ['php'] });
    expect({ code, wrong }, output).toEqual({ code: 0, wrong: [] });
  },
  240_000,
);

it('the verifier of webhooks in PHP takes what is signed, and nothing else', () => {
  const folder = createTemporaryFolder();
  onTestFinished(folder.remove);
  const calls = [
    '$of = fn($t, $s) => ["webhook-id" => getenv("ID"), "webhook-timestamp" => getenv($t), "webhook-signature" => getenv($s)];',
    '[$now, $old, $body] = [$of("TIMESTAMP", "SIGNATURE"), $of("OLD_TIMESTAMP", "OLD_SIGNATURE"), getenv("BODY")];',
    '$say = fn($h, $b) => verify(getenv("SECRET"), $h, $b) ? "true" : "false";',
    'echo implode(" ", [$say($now, $body), $say($now, "$body "), $say($old, $body)]);',
  ];
  writeFileSync(join(folder.path, 'verify.php'), [verifierIn('php'), ...calls].join('\n'));
  const env = { ...process.env, ...requestToVerify() };
  expect(execFileSync('php', ['verify.php'], { cwd: folder.path, env, encoding: 'utf8' }).trim()).toBe(verified);
}, 60_000);
