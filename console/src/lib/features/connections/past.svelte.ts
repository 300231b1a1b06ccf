// What one connection did, and goes on to do, for as long as somebody has it open. What was read stays when its node
// has nothing any more.
import { Stream } from '#lib/live/stream.svelte.ts';
import { inOrder, type PastEntry } from './past-entries.ts';

export class Past {
  readonly #stream = new Stream<PastEntry & { id: number }>();
  /** The newest first. */
  readonly entries = $derived(inOrder(this.#stream.rows));
  readonly end = $derived(this.entries.find(({ what }) => what === 'closed'));
  readonly error = $derived(this.#stream.error);
  /** No node has it. */
  readonly isGone = $derived(this.end !== undefined || this.#stream.error?.code === 'not_found');

  open(app: string, id: string): void {
    void this.#stream.open(app, { kind: 'history', connection: id });
  }

  close(): void {
    this.#stream.close();
  }
}
