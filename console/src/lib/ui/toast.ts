// Results of one's own action, for some seconds. News from elsewhere has its place on the screen.
import { toast } from 'svelte-sonner';
import { asProblem, serverAway } from '#lib/api/problem.ts';
import { presence } from '#lib/session/presence.svelte.ts';
import { problemWords } from '#lib/texts/problems.ts';
import { m } from '#texts';

const plainMs = 6000;
const withUndoMs = 10_000;
/** All that a server does not answer is said by one toast. */
const absence = 'absence';

export function showDone(text: string, undo?: () => void): void {
  toast(
    text,
    undo === undefined
      ? { duration: plainMs }
      : { duration: withUndoMs, action: { label: m.undo(), onClick: (event: Event) => undoNow(event, undo) } },
  );
}

/** What cannot be undone now can still be a moment later. */
function undoNow(event: Event, undo: () => void): void {
  if (presence.isAway) {
    event.preventDefault();
    showHeld();
  } else undo();
}

/** Stays until it is closed; what a server does not answer, until it does. */
export function showProblem(error: unknown): void {
  const problem = asProblem(error);
  toast.error(problemWords(problem), { duration: Infinity, ...(problem.isOfAbsence ? { id: absence } : {}) });
}

/** Why nothing happens: a button that waits for the server was pressed. */
export function showHeld(): void {
  showProblem(serverAway());
}

/** The way leads to a screen that is not here, and cannot be fetched. */
export function showUnopened(): void {
  toast.error(m.away_screen(), { duration: Infinity, id: absence });
}

/** The server answers again. */
export function endAbsence(): void {
  toast.dismiss(absence);
}
