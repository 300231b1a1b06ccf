// The form over a part of an app's settings, saved against the version of the app. A field that is `null` is
// as the server's default says; which fields a part has is the part's.
import { answerOf, api, ifMatch } from '#lib/api/client.ts';
import type { App, OwnApp } from '#lib/api/shapes.ts';
import { Form } from '#lib/forms/form.svelte.ts';
import type { Fields } from '#lib/forms/merge.ts';
import { session } from '#lib/session/session.svelte.ts';
import { withoutEmpty } from './without-empty.ts';
import type { paths } from '#lib/api/schema.d.ts';

export type AppChange = NonNullable<
  paths['/admin/api/apps/{app}']['patch']['requestBody']
>['content']['application/json'];

/** A part may leave members out, and say so. */
type Loose<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]: Loose<T[K]> | undefined } : T;

export interface AppFormPart<T extends Fields> {
  /** For the draft that is kept. */
  name: string;
  /** What is sent for the fields that changed. */
  change: (values: Partial<T>) => Loose<AppChange>;
  /** The settings as they are after a save, or as others made them. */
  ontaken: (app: App) => void;
}

/** `pick` reads the fields of the part. */
export function appForm<T extends Fields>(app: OwnApp, pick: (app: App) => T, part: AppFormPart<T>): Form<T> {
  const { change, ontaken, name } = part;
  const params = { path: { app: app.app } };
  const taken = (fresh: App) => {
    ontaken(fresh);
    const { version, changedBy, changedAt } = fresh;
    return { values: pick(fresh), version, changedBy, changedAt };
  };
  return new Form<T>({
    values: pick(app),
    version: app.version,
    draft: { account: session.mine.account.id, screen: `settings-${name}`, object: app.app },
    async send(changed, version, key) {
      const headers = { ...ifMatch(version), 'Idempotency-Key': key };
      return taken(await answerOf(api.PATCH('/apps/{app}', { params, headers, body: sent(change(changed)) })));
    },
    reread: async () => taken(await answerOf(api.GET('/apps/{app}', { params }))),
  });
}

/** `null` where it is the default: then it is nobody's choice. */
export function ownValue<T>(value: T, byDefault: T): T | null {
  return value === byDefault ? null : value;
}

function sent(change: Loose<AppChange>): AppChange {
  return withoutEmpty(change);
}
