// Switches an app on again, and says so.
import { answerOf, api, ifMatch, newKey } from '#lib/api/client.ts';
import type { App } from '#lib/api/shapes.ts';
import { visibleText } from '#lib/ui/foreign-text.ts';
import { showDone, showProblem } from '#lib/ui/toast.ts';
import { m } from '#texts';

/** Undefined where it could not be done, which is said too. */
export async function enable(app: App): Promise<App | undefined> {
  try {
    const headers = { ...ifMatch(app.version), ...newKey() };
    const params = { path: { app: app.app } };
    const changed = await answerOf(api.PATCH('/apps/{app}', { params, headers, body: { disabled: false } }));
    showDone(m.set_enabled_done({ name: visibleText(app.name) }));
    return changed;
  } catch (error) {
    showProblem(error);
    return undefined;
  }
}
