// What every call of the console needs: the mark against forged requests, and going on after the server asked
// for something: to sign in again, a fresh password, a new mark. The request that is sent again is the same one,
// with the same idempotency key, so that nothing is done twice.
import { problemOf } from './problem.ts';

export interface Guard {
  /** The mark of the present session; undefined where nobody is signed in. */
  csrf(): string | undefined;
  /** Asks the server for a new mark. */
  renewCsrf(): Promise<void>;
  /** Whether the server still knows the session. */
  isOver(): Promise<boolean>;
  /** The session has ended: asks the person to sign in; false where they do not. */
  signInAgain(): Promise<boolean>;
  /** The server wants the password once more; false where the person does not give it. */
  confirm(): Promise<boolean>;
  fetch(request: Request): Promise<Response>;
}

const csrfHeader = 'X-Belfry-CSRF';
/** Two different things may be asked for before a request goes through; more is a circle. */
const mostRounds = 3;

export function guardedFetch(guard: Guard): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let round = 1; ; round += 1) {
      const response = await guard.fetch(marked(request, guard.csrf()));
      if (response.ok || round > mostRounds || !(await isCured(response.clone(), guard))) return response;
    }
  };
}

function marked(request: Request, csrf: string | undefined): Request {
  const copy = request.clone();
  if (csrf !== undefined && request.method !== 'GET' && request.method !== 'HEAD') copy.headers.set(csrfHeader, csrf);
  return copy;
}

/** True where the same request may go through now. */
async function isCured(response: Response, guard: Guard): Promise<boolean> {
  if (response.status !== 401 && response.status !== 403) return false;
  const { code } = problemOf(response.status, await response.json().catch(() => undefined));
  if (code === 'csrf') {
    await guard.renewCsrf();
    return true;
  }
  if (code === 'confirm_needed') return await guard.confirm();
  // A wrong password is a 401 too.
  if (response.status !== 401 || guard.csrf() === undefined || !(await guard.isOver())) return false;
  return await guard.signInAgain();
}
