// The form over one page policy, saved against its version; each feature is a field of its own.
import { answerOf, api, ifMatch } from '#lib/api/client.ts';
import type { Feature, Page, PageContent } from '#lib/api/shapes.ts';
import { Form } from '#lib/forms/form.svelte.ts';
import { session } from '#lib/session/session.svelte.ts';
import { contentOfFields, fieldsOf, newContent, type Fields } from './policy-fields.ts';

export interface PageFormOptions {
  app: string;
  /** Undefined: a new one. */
  page: Page | undefined;
  features: readonly Feature[];
  reread: () => Promise<readonly Page[]>;
}

export function pageForm({ app, page, features, reread }: PageFormOptions): Form<Fields> {
  const names = features.map(({ name }) => name);
  const pattern = page?.pattern ?? '';
  const valuesOf = (content: PageContent, of: string): Fields => ({ pattern: of, ...fieldsOf(content, names) });
  let content: PageContent = page ?? newContent;
  return new Form<Fields>({
    values: valuesOf(content, pattern),
    version: page?.version ?? 0,
    draft: { account: session.mine.account.id, screen: 'page', object: `${app} ${pattern}` },
    async send(change, version, key) {
      const { pattern: typed, ...rest } = { ...valuesOf(content, pattern), ...change };
      const policy = { ...contentOfFields(rest, content.features), pattern: String(typed) };
      const headers = { ...ifMatch(version), 'Idempotency-Key': key };
      const saved = await answerOf(api.PUT('/apps/{app}/pages', { params: { path: { app } }, headers, body: policy }));
      content = saved;
      return { values: valuesOf(saved, saved.pattern), version: saved.version };
    },
    async reread() {
      const now = (await reread()).find((each) => each.pattern === pattern);
      content = now ?? newContent;
      return {
        ...{ values: valuesOf(content, pattern), version: now?.version ?? 0 },
        ...(now === undefined ? {} : { changedBy: now.changedBy, changedAt: now.changedAt }),
      };
    },
  });
}
