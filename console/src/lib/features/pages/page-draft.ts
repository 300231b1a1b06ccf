// Changes of page policies that nobody has published: what they are against, what they come to, and what becomes of
// them when somebody else publishes first. Its state on the screen: pages-draft.svelte.ts.
import type { Page, PageContent } from '#lib/api/shapes.ts';
import { changedFields, isSame, merge, type Collision } from '#lib/forms/merge.ts';
import { contentOf, contentOfFields, featureField, fieldsOf, newContent } from './policy-fields.ts';

export interface PageEdit {
  /** As the page was when it was first touched; undefined: it is a new one. */
  base: { version: number; content: PageContent } | undefined;
  /** Undefined: the page is taken away. */
  next: PageContent | undefined;
}

/** By pattern. */
export type Edits = ReadonlyMap<string, PageEdit>;

export type Change =
  | { op: 'put'; ifVersion: number; policy: PageContent & { pattern: string } }
  | { op: 'remove'; ifVersion: number; pattern: string };

/** An edit that comes to nothing is none. */
export function withEdit(edits: Edits, pattern: string, edit: PageEdit): Edits {
  const all = new Map(edits);
  if (isNothing(edit)) all.delete(pattern);
  else all.set(pattern, edit);
  return all;
}

function isNothing({ base, next }: PageEdit): boolean {
  if (base === undefined) return next === undefined;
  return next !== undefined && changesOf(base.content, next).length === 0;
}

/** The edit of a page in which one feature is switched. */
export function switched(edits: Edits, page: Page, feature: string): PageEdit {
  const edit = editOf(edits, page);
  const { features } = edit.next ?? contentOf(page);
  const after = features.includes(feature) ? features.filter((each) => each !== feature) : [...features, feature];
  // Back where it was, the order is as it was too.
  const before = edit.base?.content.features ?? [];
  const isBack = after.length === before.length && after.every((each) => before.includes(each));
  return { ...edit, next: { ...(edit.next ?? contentOf(page)), features: isBack ? before : after } };
}

export function changed(edits: Edits, page: Page, fields: Partial<PageContent>): PageEdit {
  const edit = editOf(edits, page);
  return { ...edit, next: { ...(edit.next ?? contentOf(page)), ...fields } };
}

export function removed(edits: Edits, page: Page): PageEdit {
  return { ...editOf(edits, page), next: undefined };
}

function editOf(edits: Edits, page: Page): PageEdit {
  return (
    edits.get(page.pattern) ?? { base: { version: page.version, content: contentOf(page) }, next: contentOf(page) }
  );
}

/** As `POST .../changes` takes them. */
export function toChanges(edits: Edits): Change[] {
  return [...edits].map(([pattern, { base, next }]) => {
    const ifVersion = base?.version ?? 0;
    return next === undefined
      ? { op: 'remove', ifVersion, pattern }
      : { op: 'put', ifVersion, policy: { pattern, ...next } };
  });
}

/** Names of the fields that differ, each feature as one. */
export function changesOf(before: PageContent | undefined, after: PageContent | undefined): string[] {
  const features = new Set([...(before?.features ?? []), ...(after?.features ?? [])]);
  const was = fieldsOf(before ?? newContent, features);
  const is = fieldsOf(after ?? newContent, features);
  return [...new Set([...changedFields(was, is), ...changedFields(is, was)])];
}

/** A page that is made or taken away is one change. */
export function countChanges(edits: Edits): number {
  return [...edits.values()].reduce((sum, { base, next }) => {
    if (base === undefined || next === undefined) return sum + 1;
    return sum + changesOf(base.content, next).length;
  }, 0);
}

/** The policies as they would be. A page that is new has version 0 until it is published. */
export function applied(pages: readonly Page[], edits: Edits): Page[] {
  const kept = pages.flatMap((page) => {
    const edit = edits.get(page.pattern);
    if (edit === undefined) return [page];
    return edit.next === undefined ? [] : [{ ...withoutContent(page), ...edit.next }];
  });
  const there = new Set(pages.map(({ pattern }) => pattern));
  const made = [...edits].flatMap(([pattern, { next }]) =>
    next === undefined || there.has(pattern)
      ? []
      : [{ ...next, pattern, version: 0, changedBy: '', changedAt: '', managed: false }],
  );
  return [...kept, ...made];
}

function withoutContent({ pattern, version, changedBy, changedAt, managed }: Page) {
  return { pattern, version, changedBy, changedAt, managed };
}

export interface PageCollision extends Collision {
  pattern: string;
}

export interface Rebased {
  edits: Edits;
  /** Where both changed the same to different ends. */
  collisions: PageCollision[];
  /** What others changed and this did not touch. */
  taken: string[];
}

/** Against the pages as they are now. Where both changed something, `edits` has yours. */
export function rebased(edits: Edits, pages: readonly Page[]): Rebased {
  const now = new Map(pages.map((page) => [page.pattern, page]));
  const result: Rebased = { edits: new Map(), collisions: [], taken: [] };
  for (const [pattern, edit] of edits) {
    const page = now.get(pattern);
    if (page?.version === edit.base?.version) {
      result.edits = withEdit(result.edits, pattern, edit);
      continue;
    }
    const { next, collisions, taken } = rebasedPage(edit, page);
    const base = page && { version: page.version, content: contentOf(page) };
    result.edits = withEdit(result.edits, pattern, { base, next });
    result.collisions.push(...collisions.map((collision) => ({ ...collision, pattern })));
    result.taken.push(...taken.map((field) => `${pattern} ${field}`));
  }
  return result;
}

function rebasedPage(
  { base, next }: PageEdit,
  page: Page | undefined,
): { next: PageContent | undefined; collisions: Collision[]; taken: string[] } {
  const whole = (yours: unknown): Collision[] => [
    { field: 'page', then: base?.content, theirs: page && contentOf(page), yours },
  ];
  // One side took it away, or both made it.
  if (page === undefined || next === undefined || base === undefined) {
    const isAgreed = (page === undefined && next === undefined) || (page && next && isSame(contentOf(page), next));
    return { next, collisions: isAgreed ? [] : whole(next), taken: [] };
  }
  const theirs = contentOf(page);
  const features = new Set([...base.content.features, ...theirs.features, ...next.features]);
  const merged = merge({
    then: fieldsOf(base.content, features),
    theirs: fieldsOf(theirs, features),
    yours: fieldsOf(next, features),
  });
  return {
    next: contentOfFields(merged.values, [...theirs.features, ...next.features]),
    ...{ collisions: merged.collisions, taken: merged.taken },
  };
}

/** `theirs` in place of what collided, where that was chosen. */
export function chosen(edits: Edits, takenFromThem: readonly PageCollision[]): Edits {
  let all = edits;
  for (const { pattern, field, theirs } of takenFromThem) {
    const edit = all.get(pattern);
    if (edit === undefined) continue;
    if (field === 'page') {
      const map = new Map(all);
      map.delete(pattern);
      all = map;
    } else if (edit.next !== undefined) {
      const features = edit.next.features;
      const fields = { ...fieldsOf(edit.next, features), [field]: theirs };
      all = withEdit(all, pattern, { ...edit, next: contentOfFields(fields, features) });
    }
  }
  return all;
}

/** Whether a cell of the matrix is another than the one that is live. */
export function isChanged(edit: PageEdit | undefined, field: string): boolean {
  if (edit === undefined) return false;
  if (edit.base === undefined || edit.next === undefined) return true;
  return changesOf(edit.base.content, edit.next).includes(field);
}

export { featureField };
