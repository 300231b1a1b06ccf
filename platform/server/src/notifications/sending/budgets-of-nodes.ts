// The error budget of an app's providers as all nodes find it: each worker calls services by itself, and one may be in
// trouble where another is not. What one node finds: breaker.ts.
import { subject, type NodeLine } from '../../concurrency/node-line.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import { callClasses, type BudgetState, type CallCounts } from './breaker.ts';

/** By provider. */
type Budgets = Readonly<Record<string, BudgetState>>;

export interface ProviderBudget {
  /** Calls of the last minutes, by what came of them. */
  errors: CallCounts;
  /** Undefined where every node calls it as ever. Stamps are ms since the epoch. */
  quarantine?: {
    since: number;
    nextProbeAt: number;
    /** Of the last failure. */
    reason: string;
    /** Nodes that call it no more. */
    nodes: number;
  };
}

const readBudgets = subject<{ app: AppId; providerIds: readonly string[] }, Budgets>('providers/1 budgets');

export class BudgetsOfNodes {
  readonly #line: Pick<NodeLine, 'ask'>;
  readonly #clock: Pick<Clock, 'now'>;

  constructor({
    own,
    line,
    clock,
  }: {
    own: (app: AppId, providerId: string) => BudgetState;
    line: Pick<NodeLine, 'ask' | 'handle'>;
    clock: Pick<Clock, 'now'>;
  }) {
    this.#line = line;
    this.#clock = clock;
    line.handle(readBudgets, ({ app, providerIds }) => Object.fromEntries(providerIds.map((id) => [id, own(app, id)])));
  }

  /** A node that does not answer in time is left out. */
  async of(app: AppId, providerIds: readonly string[]): Promise<ReadonlyMap<string, ProviderBudget>> {
    const { by } = await this.#line.ask(readBudgets, { app, providerIds });
    const nowMs = this.#clock.now();
    const answers = [...by.values()].map((budgets) => new Map(Object.entries(budgets)));
    return new Map(
      providerIds.map((id) => [
        id,
        merged(
          answers.flatMap((budgets) => budgets.get(id) ?? []),
          nowMs,
        ),
      ]),
    );
  }
}

function merged(states: readonly BudgetState[], nowMs: number): ProviderBudget {
  const errors = Object.fromEntries(
    callClasses
      .map((said) => [said, states.reduce((sum, state) => sum + (state.errors[said] ?? 0), 0)] as const)
      .filter(([, count]) => count > 0),
  );
  const held = states.flatMap(({ quarantine }) => quarantine ?? []);
  const [latest] = held.toSorted((a, b) => a.sinceMs - b.sinceMs);
  if (latest === undefined) return { errors };
  return {
    errors,
    quarantine: {
      since: nowMs - Math.max(...held.map(({ sinceMs }) => sinceMs)),
      nextProbeAt: nowMs + Math.min(...held.map(({ nextProbeMs }) => nextProbeMs)),
      ...{ reason: latest.reason, nodes: held.length },
    },
  };
}
