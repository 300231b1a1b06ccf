// How far the policies of an app have got, as it changes: read once, then heard.
import { answerOf, api } from '#lib/api/client.ts';
import type { PageRollout, Rollout } from '#lib/api/shapes.ts';
import { live } from '#lib/live/connection.svelte.ts';
import { takenOf, type Taken } from './taken.ts';

export class RolloutWatch {
  #pages = $state.raw<ReadonlyMap<string, PageRollout['versions']> | undefined>();
  #unheard = $state(0);

  /** Connections of nodes that did not say. */
  get unheard(): number {
    return this.#unheard;
  }

  /** Undefined before the first answer. `version`: the newest, of the pages that were read. */
  of(pattern: string, version: number): Taken | undefined {
    if (this.#pages === undefined) return undefined;
    return takenOf(this.#pages.get(pattern) ?? [], version);
  }

  /** Until the returned function is called. */
  follow(app: string): () => void {
    const read = (): void => {
      void answerOf(api.GET('/apps/{app}/pages/rollout', { params: { path: { app } } }))
        .then((rollout) => this.#take(rollout))
        .catch(() => undefined);
    };
    read();
    const ends = [
      live.topic(`rollout.${app}`, ({ data }) => this.#take(data as unknown as Rollout)),
      live.onReturn(read),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  #take({ pages, unheard }: Rollout): void {
    this.#pages = new Map(pages.map(({ pattern, versions }) => [pattern, versions]));
    this.#unheard = unheard;
  }
}
