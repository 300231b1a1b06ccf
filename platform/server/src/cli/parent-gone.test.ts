// A process whose shell is killed, as npx kills the one that it runs a server in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { expect, test } from 'vitest';

test('a process is told when the shell that started it has died of a signal', async () => {
  const file = join(import.meta.dirname, 'parent-gone.ts');
  const program = `import { onParentGone } from ${JSON.stringify(file)};
    const up = setTimeout(() => {}, 60_000);
    onParentGone(() => { console.log('gone'); clearTimeout(up); });
    console.log('up');`;
  // With a second command the shell stays beside its child.
  const script = '"$0" --input-type=module-typescript --eval "$1"; true';
  const shell = spawn('sh', ['-c', script, process.execPath, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: shell.stdout });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (line === 'up') shell.kill('SIGTERM');
  }
  if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
  expect(said).toEqual(['up', 'gone']);
});
