// Asks the server who is signed in, and makes the page theirs.
import { answerOf, plainApi } from '#lib/api/client.ts';
import type { Session } from '#lib/api/shapes.ts';
import { look } from '#lib/shell/look.svelte.ts';
import { session } from './session.svelte.ts';

const ask = () => answerOf(plainApi.GET('/session'));
let asked: ReturnType<typeof ask> | undefined;

/** While the code of the first screen is on its way: whoever asks first has this answer. */
export function askEarly(): void {
  asked = ask();
  // It is reported where it is waited for.
  asked.catch(() => undefined);
}

/** Undefined where somebody is signed in. */
export async function loadSession(): Promise<{ setupNeeded: boolean } | undefined> {
  const early = asked;
  asked = undefined;
  const answer = await (early ?? ask());
  if ('setupNeeded' in answer) return answer;
  takeSession(answer);
  return undefined;
}

export function takeSession(fresh: Session): void {
  session.set(fresh);
  look.follow(fresh.account);
}
