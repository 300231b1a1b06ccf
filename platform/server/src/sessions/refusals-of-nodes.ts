// Which clients were refused lately at any node: those of each sort as one. What one node keeps: refusals.ts.

import { subject, type NodeLine } from '../concurrency/node-line.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Refusal, Refusals } from './refusals.ts';

const listRefusals = subject<{ app: AppId }, readonly Refusal[]>('refusals/1 list');

const mostSorts = 200;

export class RefusalsOfNodes {
  readonly #line: NodeLine;

  constructor({ refusals, line }: { refusals: Pick<Refusals, 'list'>; line: NodeLine }) {
    this.#line = line;
    line.handle(listRefusals, ({ app }) => refusals.list(app));
  }

  /** The newest first. `silent`: nodes that did not answer. */
  async of(app: AppId): Promise<{ refusals: readonly Refusal[]; silent: readonly string[] }> {
    const { by, silent } = await this.#line.ask(listRefusals, { app });
    return { refusals: mergedRefusals(by.values()), silent };
  }
}

/** Details are those of the newest. */
export function mergedRefusals(lists: Iterable<readonly Refusal[]>): readonly Refusal[] {
  const bySort = new Map<string, Refusal>();
  for (const refusal of [...lists].flat()) {
    const { stage, reason, origin, page } = refusal;
    const sort = JSON.stringify([stage, reason, origin, page]);
    const known = bySort.get(sort);
    bySort.set(sort, known === undefined ? refusal : together(known, refusal));
  }
  return [...bySort.values()].sort((a, b) => b.at - a.at).slice(0, mostSorts);
}

function together(a: Refusal, b: Refusal): Refusal {
  const newest = b.at > a.at ? b : a;
  return { ...newest, firstAt: Math.min(a.firstAt, b.firstAt), count: a.count + b.count };
}
