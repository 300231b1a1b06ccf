// The console's one way to the server: typed calls of the admin door, each answer unwrapped or thrown as a
// problem. What a call needs beside its own fields is guarded-fetch.ts's.
import { addresses } from '#lib/addresses.ts';
import createClient from 'openapi-fetch';
import { asks } from '#lib/session/asks.svelte.ts';
import { presence } from '#lib/session/presence.svelte.ts';
import { session } from '#lib/session/session.svelte.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { isWrite } from './is-write.ts';
import { asProblem, problemOf, serverAway } from './problem.ts';
import type { paths } from './schema.d.ts';

/** A proxy may put all of the server below a path. */
const serverBase = addresses.start().replace(/\/console\/?$/, '');
export const baseUrl = new URL(`${serverBase}/admin/api`, location.href).href;
/** Without a slash at its end. */
export const serverUrl = new URL(serverBase, location.origin).href.replace(/\/$/, '');

/** The routes below the base. */
type Below = { [P in keyof paths as P extends `/admin/api${infer Rest}` ? Rest : never]: paths[P] };

/** What a proxy says in place of a server that is away. */
const awayStatuses = [502, 503, 504];
/** A line that is cut without a word ends no request. */
const answersWithinMs = 10_000;

/** A server that has too much to do says 503 too, and says it as a problem. */
function isOfProxy({ status, headers }: Response): boolean {
  return awayStatuses.includes(status) && headers.get('content-type')?.startsWith('application/problem+json') !== true;
}

async function send(request: Request): Promise<Response> {
  const sentAt = Date.now();
  try {
    const response = await fetch(request);
    if (isOfProxy(response)) presence.missed();
    else presence.answered(response.headers.get('date'));
    return response;
  } catch (error) {
    // A page that is being left breaks its requests off.
    if (!request.signal.aborted) presence.missed(sentAt);
    throw error;
  }
}

async function renewCsrf(): Promise<void> {
  const renewed = (await (await fetch(`${baseUrl}/session`)).json()) as unknown;
  if (session.current !== undefined && isSession(renewed)) session.set({ ...session.current, csrf: renewed.csrf });
}

function isSession(answer: unknown): answer is { csrf: string } {
  return typeof answer === 'object' && answer !== null && 'csrf' in answer;
}

const guarded = guardedFetch({
  csrf: () => session.current?.csrf,
  renewCsrf,
  async isOver() {
    const { data } = await plainApi.GET('/session');
    return !isSession(data);
  },
  signInAgain: () => asks.signIn.ask(),
  confirm: () => asks.confirm.ask(),
  fetch: send,
});

/** Does not ask anybody anything: for the dialogs that are the answer to such a question. */
const plain = guardedFetch({
  csrf: () => session.current?.csrf,
  renewCsrf,
  isOver: async () => false,
  signInAgain: async () => false,
  confirm: async () => false,
  fetch: send,
});

export const api = createClient<Below>({ baseUrl, fetch: guarded });
export const plainApi = createClient<Below>({ baseUrl, fetch: plain });

/** While the server is away nothing is sent that changes something, whatever asked for it: a button, a key, an undo. */
api.use({
  onRequest({ request, schemaPath }) {
    if (presence.isAway && isWrite(request.method, schemaPath)) throw serverAway();
  },
});

presence.ask = async () => {
  const sentAt = Date.now();
  const signal = AbortSignal.timeout(answersWithinMs);
  try {
    await plainApi.GET('/session', { signal });
  } catch (error) {
    if (signal.aborted) presence.missed(sentAt);
    throw error;
  }
};

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** The answer's body, or a `ProblemError`. */
export async function answerOf<T>(call: Answer<T>): Promise<T> {
  let answer: Awaited<Answer<T>>;
  try {
    answer = await call;
  } catch (error) {
    throw asProblem(error);
  }
  const { data, error, response } = answer;
  if (!response.ok) throw problemOf(response.status, error);
  // An answer without a body has the type of one.
  return data as T;
}

/** Headers of a write against the version that was read. */
export function ifMatch(version: number): { 'If-Match': string } {
  return { 'If-Match': `"v${version}"` };
}

/** One for each thing that a person wants done, however often the request is sent. */
export function newKey(): { 'Idempotency-Key': string } {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return { 'Idempotency-Key': Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}
