// Asks the server who is signed in, and makes the page theirs.
import { answerOf, plainApi } from '#lib/api/client.ts';
import type { Session } from '#lib/api/shapes.ts';
import { look } from '#lib/shell/look.svelte.ts';
import { session } from './session.svelte.ts';

/** Undefined where somebody is signed in. */
export async function loadSession(): Promise<{ setupNeeded: boolean } | undefined> {
  const answer = await answerOf(plainApi.GET('/session'));
  if ('setupNeeded' in answer) return answer;
  takeSession(answer);
  return undefined;
}

export function takeSession(fresh: Session): void {
  session.set(fresh);
  look.follow(fresh.account);
}
