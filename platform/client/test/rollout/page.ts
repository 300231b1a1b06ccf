// The part of docs/reliability-report.md that a proof of roll-outs writes. Only layout; numbers come from run.ts.

import { table } from '../../../server/test/faults/report.ts';
import { isAsPromised, type Tally } from './tally.ts';

export interface ProofResult {
  seed: number;
  tally: Tally;
  machine: string;
  /** Of one minute, while it ran. */
  load: { least: number; most: number };
  tookMs: number;
  clients: number;
  rounds: number;
  /** Between two gateways. */
  settleSeconds: number;
  kills: number;
  /** Messages a second. */
  rate: number;
}

export function rolloutPart({ seed, tally: of, machine, load, tookMs, ...ran }: ProofResult): string {
  const rows: [what: string, count: number | string, promised: string][] = [
    ['messages that clients sent', of.sent, ''],
    ['of them acknowledged', of.acknowledged, 'all'],
    ['given up by the client', of.failed, '0'],
    ['deliveries to applications', of.delivered, ''],
    ['deliveries that are missing', of.lost, '0'],
    ['deliveries that came twice', of.twice, '0'],
    ['deliveries out of order', of.outOfOrder, '0'],
    ['gaps that clients were told of', of.gaps, '0'],
    ['people who are away and were owed a push', of.pushesOwed, ''],
    ['of them pushed, up to the newest message', of.pushesMade, 'all'],
    ['connections that were lost', of.absences, ''],
    ['95 of 100 were back within', seconds(of.back95Ms), '30 s'],
    ['all were back within', seconds(of.backAllMs), ''],
  ];
  return [
    '## A roll-out under load',
    '',
    `Written by \`npm run proof:rollout\`: three gateways and two workers behind nginx with the shipped configuration, ${ran.clients} clients of the SDK in conversations of five, ${ran.rate} messages a second. All nodes were replaced one after the other ${ran.rounds} times, and a new gateway served for ${ran.settleSeconds} s before the next one went, as the chart has it; a random node was killed ${ran.kills} times, then Redis was restarted, then flushed. Everything ran on one machine: ${machine}, with a load of ${load.least.toFixed(1)} to ${load.most.toFixed(1)}. It took ${Math.round(tookMs / 60_000)} minutes; SEED=${seed}.`,
    '',
    table(
      ['', '', 'promised'],
      rows.map(([what, count, promised]) => [what, String(count), promised]),
    ),
    '',
    isAsPromised(of) ? 'Every promise was kept.' : 'Not every promise was kept.',
  ].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
