// Results of one's own action, for some seconds. News from elsewhere has its place on the screen.
import { toast } from 'svelte-sonner';
import { asProblem } from '#lib/api/problem.ts';
import { problemWords } from '#lib/texts/problems.ts';
import { m } from '#texts';

const plainMs = 6000;
const withUndoMs = 10_000;

export function showDone(text: string, undo?: () => void): void {
  toast(
    text,
    undo === undefined ? { duration: plainMs } : { duration: withUndoMs, action: { label: m.undo(), onClick: undo } },
  );
}

/** Stays until it is closed. */
export function showProblem(error: unknown): void {
  toast.error(problemWords(asProblem(error)), { duration: Infinity });
}
