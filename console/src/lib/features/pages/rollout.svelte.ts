// How far the policies of an app have got, as it changes: read once, then heard.
import type { QueryClient } from '@tanstack/svelte-query';
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

  /** Until the returned function is called. Read by `queries`, which try again what did not get through. */
  follow(app: string, queries: QueryClient): () => void {
    const queryFn = () => answerOf(api.GET('/apps/{app}/pages/rollout', { params: { path: { app } } }));
    let reads = 0;
    const read = (): void => {
      // Each of its own: one that is under way began before what is asked about.
      reads += 1;
      void queries
        .query({ queryKey: ['app', app, 'rollout', reads], queryFn, staleTime: 0, gcTime: 0 })
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
