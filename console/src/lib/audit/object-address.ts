// Where what was changed is looked at.
import { addresses } from '#lib/addresses.ts';
import type { AuditEntry } from '#lib/api/shapes.ts';

type Place = (app: string, id: string) => string;

const ofApp = new Map<string, Place>([
  ['app', (app) => addresses.settings(app, 'general')],
  ['broadcast', (app, id) => addresses.message(app, id)],
  ['conversation', (app, id) => addresses.conversation(app, id)],
  ['key', (app) => addresses.settings(app, 'keys')],
  ['kind', (app, id) => `${addresses.kindEdit(app)}?kind=${encodeURIComponent(id)}`],
  ['message', (app, id) => addresses.message(app, id)],
  // Which version came of which change, with the way back.
  ['page', (app, id) => `${addresses.pageHistory(app)}?pattern=${encodeURIComponent(id)}`],
  ['signing', (app) => addresses.settings(app, 'signing')],
  ['user', (app, id) => addresses.user(app, id)],
]);

/** Undefined where there is no screen of it, or it is no more. */
export function objectAddress({
  action,
  app,
  object,
}: Pick<AuditEntry, 'action' | 'app' | 'object'>): string | undefined {
  if (app === undefined || action === 'app.delete') return undefined;
  return ofApp.get(object.type)?.(app, object.id);
}

/** The changes of one thing of an app, in the audit of its tenant. */
export function historyAddress(tenant: string, app: string, object: AuditEntry['object']): string {
  const query = new URLSearchParams({ app, object: `${object.type}:${object.id}` });
  return `${addresses.audit(tenant)}?${query.toString()}`;
}
