// Stands in for the types of the admin door's OpenAPI document until that exists.
import type * as s from './shapes.ts';
type Json<T> = { content: { 'application/json': T } };
type Op<A, B = never, P = never, Q = never> = {
  parameters: ([P] extends [never] ? { path?: never } : { path: P }) & {
    query?: Q;
    header?: { 'If-Match'?: string; 'Idempotency-Key'?: string };
  };
  responses: { 200: Json<A> };
} & ([B] extends [never] ? { requestBody?: never } : { requestBody: { content: { 'application/json': B } } });
type T = { tenant: string };
type List<X> = { items: X[]; nextCursor?: string; total?: { value: number; atLeast?: boolean } };
export interface paths {
  '/session': {
    get: Op<s.Session | { setupNeeded: boolean }>;
    post: Op<s.Session | { next: 'code'; challenge: string }, { email: string; password: string }>;
    delete: Op<object>;
  };
  '/session/code': { post: Op<s.Session, { challenge: string; code?: string; recoveryCode?: string }> };
  '/session/confirm': { post: Op<{ confirmedUntil: string }, { password?: string; code?: string }> };
  '/setup': {
    post: Op<
      s.Session,
      { code: string; email: string; name: string; password: string; tenantName: string; locale: string }
    >;
  };
  '/account': { get: Op<s.Account>; patch: Op<s.Account, Partial<s.Account>> };
  '/account/password': { put: Op<object, { current: string; next: string }> };
  '/account/totp': {
    post: Op<{ uri: string }>;
    put: Op<{ recoveryCodes: string[] }, { code: string }>;
    delete: Op<object>;
  };
  '/account/sessions': { get: Op<List<s.OwnSession>>; delete: Op<object> };
  '/account/sessions/{id}': { delete: Op<object, never, { id: string }> };
  '/invitations/{token}': {
    get: Op<{ tenantName: string; role: s.Role; label: string; invitedBy: string }, never, { token: string }>;
  };
  '/invitations/{token}/accept': {
    post: Op<s.Session, { email: string; name: string; password: string; locale: string }, { token: string }>;
  };
  '/resets/{token}': { post: Op<object, { password: string }, { token: string }> };
  '/tenants/{tenant}/members': { get: Op<List<s.Member>, never, T> };
  '/tenants/{tenant}/members/{account}': {
    patch: Op<s.Member, { role: s.Role }, T & { account: string }>;
    delete: Op<object, never, T & { account: string }>;
  };
  '/tenants/{tenant}/members/{account}/reset-link': {
    post: Op<{ link: string; expiresAt: string }, never, T & { account: string }>;
  };
  '/tenants/{tenant}/invitations': {
    get: Op<List<s.Invitation>, never, T>;
    post: Op<{ link: string; expiresAt: string }, { label: string; role: s.Role }, T>;
  };
  '/tenants/{tenant}/invitations/{id}': { delete: Op<object, never, T & { id: string }> };
  '/tenants/{tenant}/audit': {
    get: Op<
      List<s.AuditEntry>,
      never,
      T,
      {
        actor?: string;
        action?: string;
        object?: string;
        app?: string;
        from?: string;
        to?: string;
        q?: string;
        limit?: number;
        cursor?: string;
      }
    >;
  };
  '/tenants/{tenant}/audit/{id}': { get: Op<s.AuditEntry, never, T & { id: string }> };
  '/tenants/{tenant}/apps': {
    get: Op<List<s.AppOfTenant>, never, T>;
    post: Op<s.NewApp, { template: string; key: string; name: string }, T>;
  };
  '/templates': { get: Op<List<s.Template>> };
}
