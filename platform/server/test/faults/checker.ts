// The checker: from a history to every promise that was broken in it. A pure function; it knows the records
// of clients and phones, and nothing of the server.

import {
  checkDoubled,
  checkDrains,
  checkHalfDone,
  checkHoles,
  checkLost,
  checkRealTime,
  checkSameForAll,
  checkSenderOrder,
} from './checks/logs.ts';
import { checkPushes } from './checks/pushes.ts';
import { checkReaders } from './checks/readers.ts';
import { checkTenants } from './checks/tenants.ts';
import { factsOf, type Facts } from './facts.ts';
import type { History } from './history.ts';
import { violation, type Guarantee, type Violation } from './violation.ts';

const checks: readonly ((facts: Facts) => Violation[])[] = [
  checkLost,
  checkHoles,
  checkSameForAll,
  checkRealTime,
  checkSenderOrder,
  checkDoubled,
  checkReaders,
  checkPushes,
  checkTenants,
  checkHalfDone,
  checkDrains,
  ({ all }) => all('odd').map(({ what }) => violation('odd', what)),
];

export function findViolations(history: History): Violation[] {
  const facts = factsOf(history);
  return checks.flatMap((check) => check(facts));
}

/** Each once, in order. */
export function brokenGuarantees(violations: readonly Violation[]): Guarantee[] {
  return [...new Set(violations.map(({ guarantee }) => guarantee))].toSorted((a, b) => number(a) - number(b));
}

function number(guarantee: Guarantee): number {
  return guarantee === 'odd' ? Infinity : Number(guarantee.slice(1));
}
