// The form over one's own account: a part of its fields, saved against its version.
import { answerOf, api, ifMatch } from '#lib/api/client.ts';
import type { Account } from '#lib/api/shapes.ts';
import { Form } from '#lib/forms/form.svelte.ts';
import { look } from '#lib/shell/look.svelte.ts';
import { session } from '#lib/session/session.svelte.ts';

export function accountForm<K extends keyof Account>(screen: string, fields: readonly K[]): Form<Pick<Account, K>> {
  const pick = (account: Account): Pick<Account, K> =>
    Object.fromEntries(fields.map((field) => [field, account[field]])) as Pick<Account, K>;
  const { account } = session.mine;
  return new Form<Pick<Account, K>>({
    values: pick(account),
    version: account.version,
    draft: { account: account.id, screen, object: account.id },
    async send(change, version, key) {
      const headers = { ...ifMatch(version), 'Idempotency-Key': key };
      const fresh = await answerOf(api.PATCH('/account', { headers, body: change }));
      takeAccount(fresh);
      return { values: pick(fresh), version: fresh.version };
    },
    async reread() {
      const fresh = await answerOf(api.GET('/account'));
      takeAccount(fresh);
      return { values: pick(fresh), version: fresh.version };
    },
  });
}

/** The page is this account's at once. */
export function takeAccount(account: Account): void {
  session.set({ ...session.mine, account });
  look.follow(account);
}
