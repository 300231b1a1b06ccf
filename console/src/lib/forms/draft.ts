// What is typed into a form and not saved, kept in this tab under the object and its version, so that a reload
// loses nothing. Never for secrets: a form that has some keeps no draft.
import type { Fields } from './merge.ts';

export interface DraftPlace {
  account: string;
  screen: string;
  object: string;
}

function keyOf({ account, screen, object }: DraftPlace): string {
  return ['belfry-draft', account, screen, object].map(encodeURIComponent).join('/');
}

export interface Draft {
  /** Of the object when the person began. */
  version: number;
  then: Fields;
  values: Fields;
}

export function keepDraft(place: DraftPlace, draft: Draft): void {
  sessionStorage.setItem(keyOf(place), JSON.stringify(draft));
}

export function readDraft(place: DraftPlace): Draft | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(keyOf(place)) ?? 'null') as Draft | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function dropDraft(place: DraftPlace): void {
  sessionStorage.removeItem(keyOf(place));
}
