// The form over one kind, saved against its version; each field of its policy is a field of its own.
import { answerOf, api, ifMatch } from '#lib/api/client.ts';
import type { OwnKind } from '#lib/api/shapes.ts';
import { Form } from '#lib/forms/form.svelte.ts';
import { session } from '#lib/session/session.svelte.ts';
import { contentOfFields, fieldsOf, newKind, type KindContent, type KindFields } from '#lib/kinds/kind-fields.ts';

export interface KindFormOptions {
  app: string;
  /** Undefined: a new one. */
  kind: OwnKind | undefined;
  /** What a new one begins with. */
  like: KindContent | undefined;
  reread: () => Promise<readonly OwnKind[]>;
}

export function kindForm({ app, kind, like = newKind, reread }: KindFormOptions): Form<KindFields> {
  const name = kind?.kind ?? '';
  let content: KindContent = kind ?? like;
  return new Form<KindFields>({
    values: fieldsOf(name, content),
    version: kind?.version ?? 0,
    draft: { account: session.mine.account.id, screen: 'kind', object: `${app} ${name}` },
    async send(change, version, key) {
      const fields = { ...fieldsOf(name, content), ...change };
      const headers = { ...ifMatch(version), 'Idempotency-Key': key };
      const path = { app, kind: fields.kind.trim() };
      const body = contentOfFields(fields, content);
      content = await answerOf(api.PUT('/apps/{app}/kinds/{kind}', { params: { path }, headers, body }));
      const saved = content as OwnKind;
      return { values: fieldsOf(saved.kind, saved), version: saved.version };
    },
    async reread() {
      const now = (await reread()).find((each) => each.kind === name);
      content = now ?? like;
      return { values: fieldsOf(name, content), version: now?.version ?? 0 };
    },
  });
}
