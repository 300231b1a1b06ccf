// A page policy as fields that are changed, compared and merged one by one: each feature is a field of its own, so
// that two people who switch different ones do not collide. Knows no screen.
import type { Page, PageContent } from '#lib/api/shapes.ts';

export type Fields = Record<string, unknown>;

/** Before the names of features, which are any words, so that no feature is taken for another field. */
const featurePrefix = 'feature ';

export function featureField(feature: string): string {
  return featurePrefix + feature;
}

/** Undefined for a field that is no feature. */
export function featureOf(field: string): string | undefined {
  return field.startsWith(featurePrefix) ? field.slice(featurePrefix.length) : undefined;
}

/** `features`: all that are to be fields, also those that the policy does not have. */
export function fieldsOf(content: PageContent, features: Iterable<string>): Fields {
  const { features: own, ...rest } = contentOf(content);
  // There in any case, so that one that somebody else adds is seen.
  const rules = { requireRoles: undefined, topics: undefined, presenceTopics: undefined, presence: undefined };
  const all = new Set([...features, ...own]);
  return { ...rules, ...rest, ...Object.fromEntries([...all].map((name) => [featureField(name), own.includes(name)])) };
}

/** Features keep the order they have in `before`; new ones come after them. */
export function contentOfFields(fields: Fields, before: readonly string[]): PageContent {
  const order = [...new Set(before)];
  const on = Object.entries(fields).flatMap(([field, value]) => (value === true ? (featureOf(field) ?? []) : []));
  const features = [...order.filter((name) => on.includes(name)), ...on.filter((name) => !order.includes(name))];
  const rest = Object.entries(fields).filter(([field, value]) => featureOf(field) === undefined && value !== undefined);
  return { ...(Object.fromEntries(rest) as unknown as Omit<PageContent, 'features'>), features };
}

/** What a policy says, without who said it and when. */
export function contentOf(page: PageContent | Page): PageContent {
  const { enabled, requireAuth, autoConnect, connectionType, features } = page;
  const { requireRoles, topics, presenceTopics, presence } = page;
  return {
    ...{ enabled, requireAuth, autoConnect, connectionType, features },
    ...(requireRoles === undefined ? {} : { requireRoles }),
    ...(topics === undefined ? {} : { topics }),
    ...(presenceTopics === undefined ? {} : { presenceTopics }),
    ...(presence === undefined ? {} : { presence }),
  };
}

/** What somebody begins with who makes a page. */
export const newContent: PageContent = {
  ...{ enabled: true, requireAuth: true, autoConnect: true, connectionType: 'default' },
  features: [],
};
