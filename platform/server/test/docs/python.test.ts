// The programs in Python on the pages of the docs, run as they stand against a real server.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { pagesWith, playPage } from './play-page.ts';
import { requestToVerify, verified, verifierIn } from './webhook-verifiers.ts';

it.each(pagesWith('python'))(
  '$page has programs in Python that work',
  async ({ markdown }) => {
    const { code, wrong, output } = await playPage(markdown, { languages: ['python'] });
    expect({ code, wrong }, output).toEqual({ code: 0, wrong: [] });
  },
  240_000,
);

it('the verifier of webhooks in Python takes what is signed, and nothing else', () => {
  const folder = createTemporaryFolder();
  onTestFinished(folder.remove);
  const calls = [
    'import os',
    'e = os.environ',
    'def of(t, s): return {"webhook-id": e["ID"], "webhook-timestamp": e[t], "webhook-signature": e[s]}',
    'now, old, body = of("TIMESTAMP", "SIGNATURE"), of("OLD_TIMESTAMP", "OLD_SIGNATURE"), e["BODY"].encode()',
    'say = lambda h, b: str(verify(e["SECRET"], h, b)).lower()',
    'print(say(now, body), say(now, body + b" "), say(old, body))',
  ];
  writeFileSync(join(folder.path, 'verify.py'), [verifierIn('python'), ...calls].join('\n'));
  const env = { ...process.env, ...requestToVerify() };
  expect(execFileSync('python3', ['verify.py'], { cwd: folder.path, env, encoding: 'utf8' }).trim()).toBe(verified);
}, 60_000);
