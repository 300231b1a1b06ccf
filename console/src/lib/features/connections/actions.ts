// What one does about one connection. About all that fit a filter: close-dialog.svelte.
import { answerOf, api, newKey } from '#lib/api/client.ts';
import type { MenuItem } from '#lib/ui/menu-items.ts';
import { showDone, showProblem } from '#lib/ui/toast.ts';
import { m } from '#texts';

const at = (app: string, id: string) => ({ params: { path: { app, id } }, headers: newKey() });

export async function disconnect(app: string, id: string): Promise<void> {
  await answerOf(api.DELETE('/apps/{app}/connections/{id}', at(app, id)));
}

export async function reconnect(app: string, id: string): Promise<void> {
  await answerOf(api.POST('/apps/{app}/connections/{id}/goaway', at(app, id)));
}

export async function sendTest(app: string, id: string, data?: Record<string, unknown>): Promise<void> {
  const body = data === undefined ? {} : { data };
  await answerOf(api.POST('/apps/{app}/connections/{id}/test-event', { ...at(app, id), body: body as never }));
}

/** Each says how it went. */
export function rowActions(app: string, id: string): MenuItem[] {
  const item = (text: string, act: typeof reconnect, done: () => string): MenuItem => ({
    text,
    onselect: () => void act(app, id).then(() => showDone(done()), showProblem),
  });
  return [
    item(m.see_test_event(), sendTest, () => m.see_test_sent({ count: 1 })),
    item(m.see_ask_reconnect(), reconnect, () => m.see_reconnect_asked({ count: 1 })),
    { ...item(m.see_disconnect(), disconnect, () => m.see_disconnected_stays()), isDangerous: true },
  ];
}
