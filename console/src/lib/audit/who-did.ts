// Who made a change, as they are called.
import type { AuditEntry } from '#lib/api/shapes.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { m } from '#texts';

export function whoDid({ actor }: Pick<AuditEntry, 'actor'>): string {
  if (actor.type === 'belfry') return 'Belfry';
  if (actor.type === 'nobody') return m.nobody();
  return visibleText(actor.name || actor.id);
}
