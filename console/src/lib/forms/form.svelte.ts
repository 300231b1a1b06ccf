// The state of a form over an object with a version: what was read, what is typed, what differs, what is wrong,
// and what to do where somebody else was faster. Its markup is the screen's.
import { asProblem } from '#lib/api/problem.ts';
import { fieldOf, problemWords } from '#lib/texts/problems.ts';
import { dropDraft, keepDraft, readDraft, type DraftPlace } from './draft.ts';
import { changedFields, merge, type Collision, type Fields } from './merge.ts';

export interface FormOptions<T extends Fields> {
  values: T;
  version: number;
  /** Sends it; answers the object as it is then. */
  send: (change: Partial<T>, version: number, key: string) => Promise<{ values: T; version: number }>;
  /** The object as it is now, after a conflict. */
  reread: () => Promise<{ values: T; version: number; changedBy?: string; changedAt?: string }>;
  draft?: DraftPlace;
}

export interface Conflict {
  collisions: Collision[];
  /** Names of fields that they alone changed. */
  taken: string[];
  changedBy?: string;
  changedAt?: string;
}

export class Form<T extends Fields> {
  readonly #options: FormOptions<T>;
  #then: T = $state.raw({} as T);
  #version = $state(0);
  /** Bound to the fields. */
  values: T = $state({} as T);
  errors = $state.raw(new Map<string, string>());
  /** What is wrong with no field of its own. */
  problem: unknown = $state.raw();
  isSaving = $state(false);
  conflict: Conflict | undefined = $state.raw();
  hasOldDraft = $state(false);
  /** Chosen with the first try of a save, kept until it went through. */
  #key: string | undefined;

  constructor(options: FormOptions<T>) {
    this.#options = options;
    this.#take(options);
    const draft = options.draft && readDraft(options.draft);
    this.hasOldDraft = draft !== undefined && changedFields(options.values, draft.values).length > 0;
  }

  get changes(): string[] {
    return changedFields(this.#then, this.#now());
  }

  valueThen(field: string): unknown {
    return new Map(Object.entries(this.#then)).get(field);
  }

  valueNow(field: string): unknown {
    return new Map(Object.entries(this.values)).get(field);
  }

  /** Called by the screen's effect whenever something is typed. */
  keep(): void {
    const { draft } = this.#options;
    if (draft === undefined || this.hasOldDraft) return;
    const values = $state.snapshot(this.values) as Fields;
    if (changedFields(this.#then, values).length === 0) dropDraft(draft);
    else keepDraft(draft, { version: this.#version, then: this.#then, values });
  }

  /** Against what the object was when it was typed: what others changed since is merged or asked about. */
  takeDraft(): void {
    const draft = this.#options.draft && readDraft(this.#options.draft);
    this.hasOldDraft = false;
    if (draft === undefined) return;
    const merged = merge({ then: draft.then as T, theirs: this.#then, yours: draft.values as T });
    this.values = merged.values;
  }

  dropDraft(): void {
    this.hasOldDraft = false;
    if (this.#options.draft) dropDraft(this.#options.draft);
  }

  discard(): void {
    this.#take({ values: this.#then, version: this.#version });
    this.dropDraft();
  }

  /** True where it is saved. */
  async save(): Promise<boolean> {
    this.errors = new Map();
    this.problem = undefined;
    this.isSaving = true;
    try {
      await this.#send();
      return true;
    } catch (error) {
      return await this.#fail(error);
    } finally {
      this.isSaving = false;
    }
  }

  /** The values as they are, without the proxies of Svelte. */
  #now(): T {
    const values: unknown = $state.snapshot(this.values);
    return values as T;
  }

  /** After a conflict: with these in place of what collided. */
  async resolve(chosen: Partial<T>): Promise<boolean> {
    this.conflict = undefined;
    this.values = { ...this.#now(), ...chosen };
    return await this.save();
  }

  async #send(): Promise<void> {
    const changed = new Set(this.changes);
    const values = Object.entries($state.snapshot(this.values) as Fields);
    const change = Object.fromEntries(values.filter(([field]) => changed.has(field))) as Partial<T>;
    this.#key ??= crypto.getRandomValues(new Uint32Array(4)).join('-');
    this.#take(await this.#options.send(change, this.#version, this.#key));
    this.#key = undefined;
    this.dropDraft();
  }

  /** True where it is saved after all. */
  async #fail(error: unknown): Promise<boolean> {
    const problem = asProblem(error);
    // What was not done may be sent again as it is; what was refused is another wish.
    if (!problem.isPassing) this.#key = undefined;
    if (problem.code === 'precondition_failed') {
      return await this.#merge().catch((again: unknown) => {
        this.problem = again;
        return false;
      });
    }
    const field = fieldOf(problem);
    if (field !== undefined && field in this.values) this.errors = new Map([[field, problemWords(problem)]]);
    else this.problem = error;
    return false;
  }

  async #merge(): Promise<boolean> {
    const { values: theirs, version, changedBy, changedAt } = await this.#options.reread();
    const yours = this.#now();
    const { values, collisions, taken } = merge({ then: this.#then, theirs, yours });
    this.#then = theirs;
    this.#version = version;
    this.values = values;
    if (collisions.length === 0) {
      await this.#send();
      return true;
    }
    this.conflict = { collisions, taken, ...(changedBy ? { changedBy } : {}), ...(changedAt ? { changedAt } : {}) };
    return false;
  }

  #take({ values, version }: { values: T; version: number }): void {
    this.#then = values;
    this.#version = version;
    this.values = structuredClone(values);
  }
}
