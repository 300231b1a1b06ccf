// The clinic's back end: sessions, Belfry tokens, notices to all. It calls Belfry with the API key, which
// browsers never see.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { BelfryApi } from './server/belfry-api.ts';
import { readJsonBody } from './server/json-body.ts';
import { findPerson, people, type Person } from './server/people.ts';
import { createSessions } from './server/sessions.ts';

export interface ClinicOptions {
  belfry: BelfryApi;
  /** Facts for browsers: where Belfry is, and the app's public key. */
  client: { belfryUrl: string; app: string };
  /** The life of a token, seconds; the SDK renews it in time. */
  tokenSeconds: number;
  /** Answers everything that is not below /api. */
  serveApp: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
}

type Answer = [status: number, body?: unknown];
type Handler = (request: IncomingMessage, who: Person | undefined) => Promise<Answer> | Answer;

const maxTitle = 80;
const maxBody = 500;

export function createClinic({ belfry, client, tokenSeconds, serveApp }: ClinicOptions): RequestListener {
  const sessions = createSessions();

  const routes: Record<string, Handler> = {
    'GET /api/config': () => [200, client],
    'GET /api/people': () => [200, { people }],

    async 'POST /api/session'(request) {
      const person = findPerson((await readJsonBody(request))?.['personId']);
      return person === undefined ? [400] : [201, { session: sessions.open(person), person }];
    },
    'DELETE /api/session'(request) {
      sessions.close(sessionOf(request));
      return [204];
    },

    /** The page's `getToken`: whoever is signed in here gets a token for exactly that user. */
    async 'POST /api/belfry-token'(_request, who) {
      if (who === undefined) return [401];
      const body = { userId: who.id, name: who.name.en, roles: [who.role], expiresInSeconds: tokenSeconds };
      return [201, await belfry.createToken(body)];
    },

    async 'POST /api/notices'(request, who) {
      if (who?.role !== 'admin') return [403];
      const { title, body } = (await readJsonBody(request)) ?? {};
      if (!isText(title, maxTitle) || !isText(body, maxBody)) return [400];
      const everybody = people.map((person) => person.id);
      return [201, { recipients: await belfry.notify(everybody, { title, body }) }];
    },

    /** Signs somebody out of the clinic and of Belfry, in all their windows. */
    async 'POST /api/sign-out'(request, who) {
      if (who?.role !== 'admin') return [403];
      const person = findPerson((await readJsonBody(request))?.['personId']);
      if (person === undefined) return [400];
      // In this order: no window can get another token in between.
      sessions.closeAllOf(person.id);
      await belfry.signOut(person.id);
      return [204];
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://clinic').pathname;
    if (!path.startsWith('/api/')) {
      await serveApp(request, response);
      return;
    }
    const handle = routes[`${request.method ?? ''} ${path}`];
    const [status, body] = (await handle?.(request, sessions.find(sessionOf(request)))) ?? [404];
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(502);
      response.end();
    });
  };
}

function sessionOf(request: IncomingMessage): string {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= maxLength;
}
