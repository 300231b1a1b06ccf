// What one does about one connection. About all that fit a filter: close-dialog.svelte.
import { answerOf, api, newKey } from '#lib/api/client.ts';

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
