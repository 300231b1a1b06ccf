// Proves that steps run a few at a time, that each is reported, and that one that throws has failed.
import { expect, test } from 'vitest';
import { runNode, runSteps, type Step, type StepResult } from './steps.ts';

test('runs no more steps at once than asked, and reports each as it ends', async () => {
  let running = 0;
  let most = 0;
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<undefined>());
  const steps: Step[] = ends.map(({ promise }, index) => ({
    name: `step ${index}`,
    run: async () => {
      running += 1;
      most = Math.max(most, running);
      await promise;
      running -= 1;
      return { ok: true, output: '' };
    },
  }));
  const ended: string[] = [];
  const done = runSteps(steps, { atOnce: 2, onEnd: ({ name }) => ended.push(name) });
  expect(running).toBe(2);
  for (const { resolve } of ends) resolve(undefined);
  await done;
  expect(most).toBe(2);
  expect(ended).toHaveLength(5);
});

test('a step that throws has failed and says why; the others still run', async () => {
  const results: StepResult[] = await runSteps(
    [
      { name: 'broken', run: () => Promise.reject(new Error('no such program')) },
      { name: 'fine', run: () => Promise.resolve({ ok: true, output: '' }) },
    ],
    { atOnce: 1, onEnd: () => undefined },
  );
  expect(results).toMatchObject([
    { name: 'broken', ok: false, output: 'Error: no such program' },
    { name: 'fine', ok: true },
  ]);
});

test('a program that exits with an error has failed, and its output is kept', async () => {
  const outcome = await runNode(['-e', "console.log('out'); console.error('err'); process.exit(3)"], { cwd: '.' });
  expect(outcome.ok).toBe(false);
  expect(outcome.output).toContain('out');
  expect(outcome.output).toContain('err');
});
