// The session of this window: in sessionStorage, so that several people can be tried in several windows. Also
// the calls to the clinic's back end.
import { useSyncExternalStore } from 'react';

export type Role = 'doctor' | 'customer' | 'consultant' | 'admin';

export interface Person {
  id: string;
  role: Role;
  name: { en: string; zh: string };
  about: { en: string; zh: string };
}

interface Session {
  session: string;
  person: Person;
}

const key = 'clinic.session';
const changed = new EventTarget();
let current = read();
let wasEnded = false;

/** The home page of a role. */
export function homeOf(role: Role): string {
  return role === 'admin' ? '/admin' : `/${role}/chat`;
}

export function useMe(): Person | undefined {
  return useSyncExternalStore(onSessionChange, () => current?.person);
}

export async function signIn(personId: string): Promise<Person> {
  const session = await call<Session>('POST', '/api/session', { personId });
  wasEnded = false;
  remember(session);
  return session.person;
}

export async function signOut(): Promise<void> {
  try {
    await call('DELETE', '/api/session');
  } finally {
    remember(undefined);
  }
}

/** The session is no longer valid: the back end said so, or Belfry did. */
export function sessionEnded(): void {
  if (current === undefined) return;
  wasEnded = true;
  remember(undefined);
}

/** Whether the last session ended without a sign-out in this window. */
export function useWasSignedOut(): boolean {
  return useSyncExternalStore(onSessionChange, () => wasEnded);
}

export function hasSession(): boolean {
  return current !== undefined;
}

/** Returns what ends it. */
export function onSessionChange(callback: () => void): () => void {
  changed.addEventListener('change', callback);
  return () => changed.removeEventListener('change', callback);
}

/** For Belfry's `getToken`; null when nobody is signed in. Rejects when the back end cannot be reached. */
export async function fetchToken(signal: AbortSignal): Promise<string | null> {
  if (current === undefined) return null;
  const response = await fetch('/api/belfry-token', { method: 'POST', headers: credentials(), signal });
  if (response.status === 401) {
    sessionEnded();
    return null;
  }
  if (!response.ok) throw new Error(`no token: ${response.status}`);
  return ((await response.json()) as { token: string }).token;
}

export async function call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: { ...credentials(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function credentials(): Record<string, string> {
  return current === undefined ? {} : { Authorization: `Bearer ${current.session}` };
}

function remember(session: Session | undefined): void {
  current = session;
  if (session === undefined) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify(session));
  changed.dispatchEvent(new Event('change'));
}

function read(): Session | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Session);
}
