// What is wrong, for who develops the page: the errors of page policies, and one warning on the console for each
// thing that has to be changed, with what to change. Fetched when something is wrong. What follows from it for the
// connection: page-lifecycle.ts.
import type { Auth } from './auth.ts';
import { bytesOfBase64url } from './base64url.ts';
import { baseUrlOf } from './base-url.ts';
import { CommandError } from './command-error.ts';
import { isObject, parseJson, readFailure } from './serializer.ts';
import type { Belfry, CommandFailure, Surroundings } from './types.ts';

/**
 * Of an answer to the question for page policies. Of a server that says what is wrong with the request it is of no
 * use to ask again; whatever else answers may be wrong itself, as a proxy while the server restarts.
 */
export function policyError({ status }: Pick<Response, 'status'>, body: unknown): CommandError {
  const { code, detail } = isObject(body) ? body : {};
  const isRefused = typeof code === 'string' && status >= 400 && status < 500 && status !== 429;
  return new CommandError(
    readFailure({
      code: code ?? `http_${status}`,
      message: detail ?? 'The page policies cannot be read.',
      retry: isRefused ? 'never' : 'same',
    }),
  );
}

/** The texts that were warned of already: an error that stays is one line, not one for each attempt. */
const said = new Set<string>();

/** For tests: what was said is forgotten. */
export function forgetWarnings(): void {
  said.clear();
}

export async function explain(
  belfry: Pick<Belfry, 'options' | 'snapshot' | 'surroundings'>,
  auth: Pick<Auth, 'token'>,
): Promise<void> {
  const { options, surroundings } = belfry;
  const { lastError } = belfry.snapshot();
  if (!lastError) return;
  const baseUrl = baseUrlOf(options.url, surroundings.origin);
  const advice = await adviceOn(lastError, { app: options.app, baseUrl, auth, surroundings });
  if (advice === undefined) return;
  // Codes of the SDK's own have no page.
  const page = /^http_|^no_token$/.test(lastError.code) ? '' : lastError.code;
  const text = `belfry: ${advice} See ${hasNoSuchPath(lastError) ? new URL(baseUrl).origin : baseUrl}/docs/errors/${page}`;
  if (said.has(text)) return;
  said.add(text);
  // eslint-disable-next-line no-console -- what is to be changed is said to who develops the page, where they look.
  console.warn(text);
}

interface Place {
  app: string | undefined;
  baseUrl: string;
  auth: Pick<Auth, 'token'>;
  surroundings: Pick<Surroundings, 'clock' | 'origin'>;
}

/** Undefined where nothing has to be changed. */
async function adviceOn(lastError: CommandFailure, place: Place): Promise<string | undefined> {
  const { code, message } = lastError;
  const { app, baseUrl, auth, surroundings } = place;
  if (hasNoSuchPath(lastError)) return noPath(baseUrl);
  if (code.startsWith('http_')) return noServer(baseUrl, code.slice(5));
  switch (code) {
    case 'no_token':
      return `getToken failed: ${message.replace(/\.?$/, '.')} It is tried again. Only null says that nobody is signed in.`;
    case 'not_found':
    case 'bad_request':
      if (app === undefined || app === '') return 'createBelfry needs `app`, the key of the app.';
      return `There is no app "${app}" on ${baseUrl}. Give createBelfry the key of one as \`app\`.`;
    case 'page_disabled':
      return `The app "${app}" is disabled on the server.`;
    case 'forbidden':
      if (/origin/i.test(message))
        return `The app "${app}" does not let in pages of ${surroundings.origin}. Add that to its \`allowedOrigins\`.`;
      return 'The page is for users with a role. Put it into `roles` of the token, or take it out of `requireRoles` of the page.';
    case 'bad_token':
    case 'token_expired': {
      const token = await auth.token('connect').catch(() => null);
      const fault = token ? faultOf(token.text, app, surroundings.clock.now()) : message;
      return `The server refused the token: ${fault}`;
    }
    default:
      return undefined;
  }
}

/** The server is there, and has nothing at the address that was made of `url`: this has a path. */
function hasNoSuchPath({ code, message }: CommandFailure): boolean {
  return code === 'not_found' && message.includes('such path');
}

function noPath(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin} has nothing under ${pathname}. Give createBelfry \`url\` without a path: /ws and /api are added by the SDK.`;
}

function noServer(baseUrl: string, status: string): string {
  const { pathname } = new URL(baseUrl);
  const path =
    pathname === '/' ? '' : ` Its path ${pathname} is where a proxy has the server; /ws and /api are added by the SDK.`;
  return `${baseUrl} answered with ${status}, and not as a Belfry server. Give createBelfry its address as \`url\`.${path}`;
}

const dayMs = 86_400_000;

/** The first claim that is wrong, as far as it can be seen without the key. */
function faultOf(token: string, app: string | undefined, nowMs: number): string {
  const [header, claims] = token.split('.', 2).map(partOf);
  if (!header || !claims) return 'it is no JWT. getToken must give what your back end signed, and nothing around it.';
  const { aud, sub, exp, nbf } = claims;
  const lifeMs = Number(exp) * 1000 - nowMs;
  if (typeof sub !== 'string' || sub === '')
    return `\`sub\` is ${textOf(sub)}, and must be the id of the user, as a text.`;
  if (![aud].flat().includes(app)) return `\`aud\` is ${textOf(aud)}, and must be "${app}".`;
  if (typeof exp !== 'number') return `\`exp\` is ${textOf(exp)}, and must be a number: seconds since 1970.`;
  if (lifeMs > 1000 * dayMs) return `\`exp\` is ${exp}, and must be seconds since 1970, not milliseconds.`;
  if (lifeMs > dayMs) return '`exp` is more than 24 hours ahead.';
  if (lifeMs <= 0)
    return '`exp` is over: make a fresh token each time that getToken asks, and look at the clock of your back end.';
  if (typeof nbf === 'number' && nbf * 1000 > nowMs)
    return '`nbf` is in the future: look at the clock of your back end.';
  if (!/^(HS256|RS256|ES256|EdDSA)$/.test(String(header['alg'])))
    return `\`alg\` is ${textOf(header['alg'])}, and must be HS256, RS256, ES256 or EdDSA.`;
  return 'its claims are right, so its signature is not: sign it with `signingSecret` of this very app, as a text, not decoded. "belfry token --inspect" says more.';
}

function partOf(text: string): Record<string, unknown> | undefined {
  try {
    const part = parseJson(new TextDecoder().decode(bytesOfBase64url(text)));
    return isObject(part) ? part : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
