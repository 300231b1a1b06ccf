// The draft of one app's pages on the screen: kept in this tab, undone step by step, published as one change. What
// edits are and come to: page-draft.ts.
import { answerOf, api, newKey } from '#lib/api/client.ts';
import { asProblem } from '#lib/api/problem.ts';
import type { ChangedPage, Page, PageContent } from '#lib/api/shapes.ts';
import { dropDraft, keepDraft, readDraft } from '#lib/forms/draft.ts';
import { session } from '#lib/session/session.svelte.ts';
import {
  chosen,
  countChanges,
  rebased,
  toChanges,
  withEdit,
  type Change,
  type Edits,
  type PageCollision,
  type PageEdit,
} from './page-draft.ts';

export interface Published {
  items: ChangedPage[];
  /** By pattern, as it was; undefined of a page that was made. */
  before: ReadonlyMap<string, PageContent | undefined>;
}

export interface PageConflict {
  collisions: PageCollision[];
  taken: string[];
  changedBy?: string | undefined;
  changedAt?: string | undefined;
}

export async function sendChanges(
  app: string,
  changes: readonly Change[],
  more: { note?: string; expected?: number } = {},
): Promise<ChangedPage[]> {
  const { items } = await answerOf(
    api.POST('/apps/{app}/pages/changes', {
      params: { path: { app } },
      headers: newKey(),
      body: { changes: [...changes], ...more },
    }),
  );
  return items;
}

export class PagesDraft {
  readonly #app: string;
  readonly #reread: () => Promise<readonly Page[]>;
  #edits = $state.raw<Edits>(new Map());
  #steps: Edits[] = [];
  note = $state('');
  isPublishing = $state(false);
  problem: unknown = $state.raw();
  conflict: PageConflict | undefined = $state.raw();

  /** `reread`: the pages as they are now. */
  constructor(app: string, reread: () => Promise<readonly Page[]>) {
    this.#app = app;
    this.#reread = reread;
    const kept = readDraft(this.#place)?.values['edits'];
    if (Array.isArray(kept)) this.#edits = new Map(kept as [string, PageEdit][]);
  }

  get edits(): Edits {
    return this.#edits;
  }

  get count(): number {
    return countChanges(this.#edits);
  }

  /** What others publish is taken over as it comes, where it does not collide. */
  follow(pages: readonly Page[]): void {
    if (this.#edits.size === 0 || this.isPublishing) return;
    const { edits, collisions } = rebased(this.#edits, pages);
    if (collisions.length === 0) this.#keep(edits);
  }

  set(pattern: string, edit: PageEdit): void {
    this.#take(withEdit(this.#edits, pattern, edit));
  }

  undo(): void {
    const before = this.#steps.pop();
    if (before !== undefined) this.#keep(before);
  }

  discard(): void {
    this.#take(new Map());
    this.note = '';
    this.problem = undefined;
  }

  /** Undefined where it was not published, or nothing is left of it. */
  async publish(expected?: number): Promise<Published | undefined> {
    this.isPublishing = true;
    this.problem = undefined;
    try {
      return await this.#send(expected);
    } catch (error) {
      return await this.#fail(error);
    } finally {
      this.isPublishing = false;
    }
  }

  /** With what of the others was chosen. */
  async resolve(takenFromThem: readonly PageCollision[]): Promise<Published | undefined> {
    this.conflict = undefined;
    this.#take(chosen(this.#edits, takenFromThem));
    return this.#edits.size === 0 ? undefined : await this.publish();
  }

  async #send(expected?: number): Promise<Published> {
    const edits = this.#edits;
    const note = this.note.trim();
    const items = await sendChanges(this.#app, toChanges(edits), {
      ...(note === '' ? {} : { note }),
      ...(expected === undefined ? {} : { expected }),
    });
    this.#steps = [];
    this.#keep(new Map());
    this.note = '';
    return { items, before: new Map([...edits].map(([pattern, { base }]) => [pattern, base?.content])) };
  }

  async #fail(error: unknown): Promise<Published | undefined> {
    const problem = asProblem(error);
    if (problem.code !== 'precondition_failed') {
      this.problem = error;
      return undefined;
    }
    const { edits, collisions, taken } = rebased(this.#edits, await this.#reread());
    this.#keep(edits);
    if (collisions.length === 0) return edits.size === 0 ? undefined : await this.#again();
    const { changedBy, changedAt } = problem.fields.more ?? {};
    this.conflict = {
      ...{ collisions, taken },
      ...(typeof changedBy === 'string' ? { changedBy } : {}),
      ...(typeof changedAt === 'string' ? { changedAt } : {}),
    };
    return undefined;
  }

  /** Once: whoever changes it again meanwhile is a question for a person. */
  async #again(): Promise<Published | undefined> {
    try {
      return await this.#send();
    } catch (error) {
      this.problem = error;
      return undefined;
    }
  }

  #take(edits: Edits): void {
    this.#steps.push(this.#edits);
    this.#keep(edits);
  }

  #keep(edits: Edits): void {
    this.#edits = edits;
    if (edits.size === 0) dropDraft(this.#place);
    else keepDraft(this.#place, { version: 0, then: {}, values: { edits: [...edits] } });
  }

  get #place() {
    return { account: session.mine.account.id, screen: 'pages', object: this.#app };
  }
}
