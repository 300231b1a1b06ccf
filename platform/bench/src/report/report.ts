// The results of a run as they are kept: by scenario, with every round's value. The form for people:
// markdown.ts.
import { raisedLimits } from '../setting.ts';
import type { Result } from '../scenario.ts';
import { describeMachine, type Machine } from './machine.ts';

export interface ScenarioReport extends Result {
  name: string;
  about: string;
  /** The reason where there are no figures. */
  failure?: string;
  tookMs: number;
}

export interface Report {
  machine: Machine;
  rounds: number;
  quick: boolean;
  raisedLimits: typeof raisedLimits;
  scenarios: readonly ScenarioReport[];
}

export function createReport(run: Pick<Report, 'rounds' | 'quick' | 'scenarios'>): Report {
  return { machine: describeMachine(), raisedLimits, ...run };
}
