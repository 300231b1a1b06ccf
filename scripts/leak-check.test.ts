// Proves that the leak check fails a file that leaves handles open, and leaves a tidy one alone.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const vitest = fileURLToPath(new URL('./vitest.mjs', import.meta.resolve('vitest/package.json')));

interface Outcome {
  code: number;
  output: string;
}

function runFixture(...args: readonly string[]): Promise<Outcome> {
  const config = `${import.meta.dirname}/fixtures/leaks/vitest.config.ts`;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('VITEST')));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [vitest, 'run', '--config', config, ...args],
      { env: { ...env, NO_COLOR: '1' } },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      },
    );
  });
}

test('a file that leaves handles open fails, and the failure names them', async () => {
  const { code, output } = await runFixture('leaky.fixture');
  expect(code).not.toBe(0);
  expect(output).toContain('1 TCPServerWrap');
  expect(output).toContain('1 Timeout');
  expect(output).toContain('1 Worker');
});

test('a file that closes everything by its last afterAll passes', async () => {
  const { code, output } = await runFixture('tidy');
  expect(output).not.toContain('handles left open');
  expect(code).toBe(0);
});

test('of files in one process, each is blamed for the handles that it leaves open itself', async () => {
  const { code, output } = await runFixture('leaky', 'tidy', '--no-isolate', '--no-file-parallelism');
  expect(code).not.toBe(0);
  expect(output).toContain('FAIL  leaky.fixture.ts');
  expect(output).toContain('FAIL  leaky-too.fixture.ts');
  expect(output).not.toContain('FAIL  tidy.fixture.ts');
  expect(output).toContain('1 TCPServerWrap');
  expect(output).not.toContain('2 TCPServerWrap');
});

test('of files in one process, none meets the stubs of the one before', async () => {
  const { code, output } = await runFixture('stubs', '--no-isolate', '--no-file-parallelism');
  expect(output).toContain('2 passed');
  expect(code).toBe(0);
});
