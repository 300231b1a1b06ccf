// An entry in the audit about something of the app that a request names. What an entry holds: accounts/audit.ts.

import type { Audit, AuditedChange } from '../../../accounts/audit.ts';
import { sourceOf, type SignedIn } from './caller.ts';
import type { InApp } from './enter.ts';

export async function recordOfApp(
  caller: SignedIn & InApp,
  change: Omit<AuditedChange, 'tenants' | 'app'>,
  audit: Pick<Audit, 'record'>,
): Promise<void> {
  await audit.record(sourceOf(caller), { ...change, tenants: [caller.tenant.id], app: caller.app.app });
}
