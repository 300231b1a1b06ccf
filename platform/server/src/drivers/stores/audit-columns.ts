// The values by which entries of the audit are found, the same in every driver. Not how they are looked up.

import type { AuditEntry, AuditFilter } from '../../ports/stores/index.ts';

/** In lower case, what `q` is looked for in. */
export function auditText({ actor, action, app = '', object }: AuditEntry): string {
  return [actor.name, action, app, object.type, object.id].join('\n').toLowerCase();
}

/** An exact action, or its beginning. */
export function actionOf({ action }: AuditFilter): { exact?: string; prefix?: string } {
  if (action === undefined) return {};
  return action.endsWith('*') ? { prefix: action.slice(0, -1) } : { exact: action };
}

/** `page:/chat:id` is the object `/chat:id` of type `page`. */
export function objectOf({ object }: AuditFilter): { type?: string; id?: string } {
  if (object === undefined) return {};
  const at = object.indexOf(':');
  return at < 0 ? { type: object } : { type: object.slice(0, at), id: object.slice(at + 1) };
}
