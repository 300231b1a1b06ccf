// How busy an app was at all nodes, as one row of steps, and what each has counted so far. What one node counts:
// app-figures.ts.

import { subject, type NodeLine } from '../../concurrency/node-line.ts';
import type { AppId } from '../../ports/app-id.ts';
import { figuresEveryMs, type AppFigures, type Figures, type Totals } from './app-figures.ts';
import { addAll } from './counts.ts';

/** As JSON has it. */
type Sent = Omit<Figures, 'reasons' | 'connections' | 'users' | 'mayPush' | 'pushEnds'> & {
  connections?: Figures['connections'];
  users?: number;
  reasons: readonly (readonly [string, number])[];
  /** A node of an earlier version has neither. */
  mayPush?: number;
  pushEnds?: readonly (readonly [string, number])[];
};

const readFigures = subject<{ app: AppId; fromMs: number }, readonly Sent[]>('figures/1 read');
const readTotals = subject<{ app: AppId }, Totals>('figures/1 totals');

export class FiguresOfNodes {
  readonly #line: NodeLine;

  constructor({ figures, line }: { figures: Pick<AppFigures, 'of' | 'totals'>; line: NodeLine }) {
    this.#line = line;
    line.handle(readFigures, ({ app, fromMs }) => figures.of(app, fromMs).map(sent));
    line.handle(readTotals, ({ app }) => figures.totals(app));
  }

  /** The oldest first. `silent`: nodes that did not answer. */
  async of(app: AppId, fromMs: number): Promise<{ steps: readonly Figures[]; silent: readonly string[] }> {
    const { by, silent } = await this.#line.ask(readFigures, { app, fromMs });
    return { steps: mergedFigures([...by.values()].map((steps) => steps.map(taken))), silent };
  }

  /** By node, since it began to count. */
  async totals(app: AppId): Promise<ReadonlyMap<string, Totals>> {
    return (await this.#line.ask(readTotals, { app })).by;
  }
}

function sent({ reasons, pushEnds, connections, users, ...counts }: Figures): Sent {
  return {
    ...{ ...counts, reasons: [...reasons], pushEnds: [...pushEnds] },
    ...(connections === undefined ? {} : { connections }),
    ...(users === undefined ? {} : { users }),
  };
}

function taken({ reasons, connections, users, mayPush = 0, pushEnds = [], ...counts }: Sent): Figures {
  return { ...counts, connections, users, mayPush, reasons: new Map(reasons), pushEnds: new Map(pushEnds) };
}

/**
 * Nodes do not begin their steps at one moment: what a step counts is spread over the steps of the clock that it lies in.
 * The newest, which not all nodes have counted to its end, is left out. Of one node it is what that node has.
 */
export function mergedFigures(lists: readonly (readonly Figures[])[]): readonly Figures[] {
  const [only, ...others] = lists.filter((steps) => steps.length > 0);
  if (only === undefined || others.length === 0) return only ?? [];
  const newest = [only, ...others].map((steps) => steps.at(-1)?.at ?? 0);
  const busy = newest.filter((at) => at > Math.max(...newest) - 2 * figuresEveryMs);
  const lastMs = Math.floor(Math.min(...busy) / figuresEveryMs) * figuresEveryMs;
  const slots = new Map<number, Figures>();
  for (const step of [only, ...others].flat()) {
    const end = Math.ceil(step.at / figuresEveryMs) * figuresEveryMs;
    const late = (step.at - (end - figuresEveryMs)) / figuresEveryMs;
    addTo(slots, end, { step, part: late });
    addTo(slots, end - figuresEveryMs, { step, part: 1 - late });
  }
  return [...slots.values()].filter(({ at }) => at <= lastMs).sort((a, b) => a.at - b.at);
}

const counted = ['messages', 'events', 'accepted', 'failed', 'withheld', 'mayPush'] as const;

function addTo(slots: Map<number, Figures>, at: number, { step, part }: { step: Figures; part: number }): void {
  if (part <= 0) return;
  const slot = slots.get(at);
  const [reasons, pushEnds] = [new Map(slot?.reasons), new Map(slot?.pushEnds)];
  addAll(reasons, step.reasons, part);
  addAll(pushEnds, step.pushEnds, part);
  const next: Figures = {
    ...{ at, reasons, pushEnds, messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0, mayPush: 0 },
    // Of all nodes already, whichever says it.
    ...{ connections: slot?.connections ?? step.connections, users: slot?.users ?? step.users },
  };
  for (const name of counted) next[name] = (slot?.[name] ?? 0) + step[name] * part;
  slots.set(at, next);
}
