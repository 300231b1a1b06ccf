// A server with its console, and people who are let in by its API, for tests and pictures in a browser. What is
// done on the pages is theirs.
import type { BrowserContext } from 'playwright';
import { ensureBrowserBuild } from '../../../scripts/browser-build.ts';
import {
  startWholeServer,
  type WholeServer,
  type WholeServerOptions,
} from '../../../platform/server/test/support/whole-server.ts';

/** The caller stops it. */
export async function startConsoleServer(options: WholeServerOptions = {}): Promise<WholeServer> {
  await ensureBrowserBuild({ say: () => undefined });
  return await startWholeServer(options);
}

export const password = 'a horse, a battery and a staple';

export interface Person {
  email: string;
  /** Of the tenant that the setup made. */
  tenant: string;
  /** Any route of the admin door; throws where the answer is no success. */
  call: <T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<T>;
  /** Makes the browser theirs. */
  enter: (context: BrowserContext) => Promise<void>;
}

interface SessionAnswer {
  csrf: string;
  tenants: { id: string }[];
}

/** A server to be set up, in this process or another. */
export interface FreshServer {
  url: string;
  server: { setupCode(): Promise<string | undefined> };
}

/** The first administrator: operator, and owner of the first tenant. */
export async function setUp(
  { url, server }: FreshServer,
  fields: { email?: string; name?: string } = {},
): Promise<Person> {
  const { email = 'anna@clinic.example', name = 'Anna Li' } = fields;
  const code = await server.setupCode();
  return await letIn(url, email, '/setup', { code, email, name, password, tenantName: 'Clinic', locale: 'en' });
}

export async function join(
  owner: Person,
  server: WholeServer,
  fields: { email: string; name: string; role: string },
): Promise<Person> {
  const { email, name, role } = fields;
  const { link } = await owner.call<{ link: string }>('POST', `/tenants/${owner.tenant}/invitations`, {
    label: name,
    role,
  });
  const token = tokenOf(link);
  return await letIn(server.url, email, `/invitations/${token}/accept`, { email, name, password, locale: 'en' });
}

/** Links carry their token at the end of the path or in the fragment. */
export function tokenOf(link: string): string {
  return /[\w-]{20,}$/.exec(link)?.[0] ?? '';
}

async function letIn(url: string, email: string, path: string, body: object): Promise<Person> {
  const answer = await fetch(`${url}/admin/api${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  const session = (await answer.json()) as SessionAnswer;
  const [name = '', value = ''] = (answer.headers.get('set-cookie') ?? '').split(';')[0]?.split('=') ?? [];
  return {
    email,
    tenant: session.tenants[0]?.id ?? '',
    async call<T>(method: string, route: string, sent?: unknown, headers: Record<string, string> = {}): Promise<T> {
      const response = await fetch(`${url}/admin/api${route}`, {
        method,
        headers: {
          ...{ Cookie: `${name}=${value}`, 'X-Belfry-CSRF': session.csrf, Origin: url },
          ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
      return (text === '' ? {} : JSON.parse(text)) as T;
    },
    async enter(context) {
      await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Strict' }]);
    },
  };
}

/** A name that wants to be more than a text. */
export const hostile = '<img src=x onerror="document.title=1"> javascript:alert(1) ﷽ =cmd()|A1 😀';
