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

interface RowAction {
  /** Pressed alone, on a row or beside the one that is open. */
  key: string;
  text: () => string;
  act: (app: string, id: string) => Promise<void>;
  done: () => string;
  isDangerous?: boolean;
}

const rowActions: readonly RowAction[] = [
  { key: 'v', text: () => m.see_test_event(), act: sendTest, done: () => m.see_test_sent({ count: 1 }) },
  { key: 'r', text: () => m.see_ask_reconnect(), act: reconnect, done: () => m.see_reconnect_asked({ count: 1 }) },
  {
    ...{ key: 'd', text: () => m.see_disconnect(), act: disconnect, done: () => m.see_disconnected_stays() },
    isDangerous: true,
  },
];

/** Says how it went. */
function run({ act, done }: RowAction, app: string, id: string): void {
  act(app, id).then(() => showDone(done()), showProblem);
}

export function rowMenu(app: string, id: string): MenuItem[] {
  return rowActions.map((action) => ({
    ...{ text: action.text(), hint: action.key, onselect: () => run(action, app, id), needsServer: true },
    ...(action.isDangerous ? { isDangerous: true } : {}),
  }));
}

/** Whether the key is one of theirs. */
export function actByKey(key: string, app: string, id: string): boolean {
  const action = rowActions.find((each) => each.key === key);
  if (action !== undefined) run(action, app, id);
  return action !== undefined;
}
