// Runs named commands a few at a time and keeps the output of each. What the commands are is check.ts's
// business.
import { spawn } from 'node:child_process';

export interface Step {
  name: string;
  run: () => Promise<StepOutcome>;
}

export interface StepOutcome {
  ok: boolean;
  /** Shown when the step failed. */
  output: string;
  /** Shown in any case. */
  warnings?: string;
}

export interface StepResult extends StepOutcome {
  name: string;
  tookMs: number;
}

/**
 * Starts the steps in the order given, `atOnce` at a time, and reports each as it ends. A step that throws
 * has failed.
 */
export async function runSteps(
  steps: readonly Step[],
  { atOnce, onEnd }: { atOnce: number; onEnd: (result: StepResult) => void },
): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  async function lane(): Promise<void> {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const startedAt = performance.now();
      const outcome = await step.run().catch((error: unknown) => ({ ok: false, output: String(error) }));
      const result = { ...outcome, name: step.name, tookMs: performance.now() - startedAt };
      results.push(result);
      onEnd(result);
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, lane));
  return results;
}

/** Runs a script of Node's; ok when it exits with 0. Output is stdout and stderr as they came. */
export function runNode(args: readonly string[], { cwd }: { cwd: string }): Promise<StepOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() });
    });
  });
}
