// Templates in the person's language; one that the console does not know speaks for itself.
import type { Template } from '#lib/api/shapes.ts';
import { m } from '#texts';

const words = new Map<string, () => { name: string; description: string }>([
  ['chat', () => ({ name: m.template_chat(), description: m.template_chat_text() })],
  ['notifications', () => ({ name: m.template_notifications(), description: m.template_notifications_text() })],
  ['dashboard', () => ({ name: m.template_dashboard(), description: m.template_dashboard_text() })],
  ['live-dashboard', () => ({ name: m.template_dashboard(), description: m.template_dashboard_text() })],
  ['clinic', () => ({ name: m.template_clinic(), description: m.template_clinic_text() })],
  ['empty', () => ({ name: m.template_empty(), description: m.template_empty_text() })],
]);

export function templateText({ id, name, description }: Template): { name: string; description: string } {
  return words.get(id)?.() ?? { name, description };
}
