// Writes the result of the long form as a page: the runs, the counts, the findings. Only layout; numbers come
// from run.ts.

import type { ClusterRound } from '../cluster/long-run.ts';
import type { Counts } from './counts.ts';
import type { Mechanism } from './mechanisms.ts';
import { guarantees, type Guarantee, type Violation } from './violation.ts';

export interface Round {
  seed: number;
  counts: Counts;
  violations: readonly Violation[];
}

export interface SwitchedOff {
  mechanism: Mechanism;
  found: readonly Guarantee[];
}

/** The number of events that each promise was checked by, of the sums of all rounds. */
const lookedAt: Readonly<Record<Guarantee, readonly [what: string, of: keyof Counts]>> = {
  G1: ['messages in the logs, each compared with the answer to its sender', 'messages'],
  G2: ['messages in the logs, each compared with what its sender and its readers received', 'messages'],
  G3: ['sends, each compared with what had been acknowledged before', 'sent'],
  G4: ['sends in the order of their outbox', 'sent'],
  G5: ['sends that repeated an earlier one', 'sentAgain'],
  G6: ['messages handed to applications', 'released'],
  G7: ['connections that resumed', 'connections'],
  G8: ['messages handed to applications', 'released'],
  G10: ['notifications the provider took', 'pushes'],
  G11: ['acknowledgements', 'acknowledgements'],
  G12: ['notifications the provider took', 'pushes'],
  G13: ['webhooks and broadcasts with a key', 'broadcasts'],
  G14: ['messages handed to applications', 'released'],
  G15: ['refusals', 'refused'],
  G16: ['drains', 'drains'],
  odd: ['connections', 'connections'],
};

const countRows: readonly [keyof Counts, string][] = [
  ['kills', 'killed (SIGKILL)'],
  ['killsWhileStarting', 'killed while starting'],
  ['drains', 'drained (SIGTERM)'],
  ['connections', 'connections'],
  ['messages', 'messages in the logs at the end'],
  ['sent', 'sends'],
  ['sentAgain', 'of them repeated'],
  ['duplicatesAnswered', 'answered as duplicates'],
  ['broadcasts', 'webhooks and broadcasts'],
  ['refused', 'refusals'],
  ['released', 'messages handed to applications'],
  ['gaps', 'gaps said'],
  ['acknowledgements', 'acknowledgements'],
  ['pushes', 'notifications the provider took'],
  ['pushesFailed', 'notifications the provider refused'],
  ['pushesLost', 'notifications that were never answered'],
];

/** The parts of the page are written at different times, the last one by `npm run proof:rollout`. */
export type Part = 'embedded' | 'cluster' | 'rollout';

const introduction = [
  '# Reliability report',
  '',
  'Written by `npm run test:faults`. Servers are broken at random moments while clients, back ends and phones use them; then the',
  'checker of `platform/server/test/faults/checker.ts` compares what they recorded with the logs. [reliability.md](reliability.md) says what each promise',
  'rests on. `SEED=1 npm run test:faults` replays what was random; `-- --only embedded` and `-- --only cluster` run one part.',
].join('\n');

/** The page with these parts in the place of those that it had. */
export function pageOf(before: string, written: Readonly<Partial<Record<Part, string>>>): string {
  const parts = (['embedded', 'cluster', 'rollout'] as const).map((part) => {
    const { begin, end } = marksOf(part);
    const known = new RegExp(`${begin}\\n\\n([\\s\\S]*)\\n\\n${end}`).exec(before)?.[1];
    return [begin, '', written[part] ?? known ?? 'It did not run yet.', '', end].join('\n');
  });
  return `${[introduction, ...parts].join('\n\n')}\n`;
}

function marksOf(part: Part): { begin: string; end: string } {
  return { begin: `<!-- ${part} -->`, end: `<!-- end of ${part} -->` };
}

export function embeddedPart({
  rounds,
  switchedOff,
}: {
  rounds: readonly Round[];
  switchedOff: readonly SwitchedOff[];
}): string {
  return [
    '## The embedded engine',
    '',
    'A server process is killed and drained.',
    '',
    ...whatRan(rounds),
    ...whatWasFound(rounds),
    '### With a mechanism switched off',
    '',
    'The same workload, faults and checker, on a server that lacks one mechanism. A run that did not break its promise would prove nothing by the rounds above.',
    '',
    table(
      ['promise', 'instead', 'found to be broken'],
      switchedOff.map(({ mechanism, found: broken }) => [mechanism.guarantee, mechanism.without, broken.join(', ')]),
    ),
  ].join('\n');
}

export function clusterPart(rounds: readonly ClusterRound[]): string {
  const busy = rounds.filter(({ recovery }) => recovery?.isMachineBusy === true).length;
  return [
    '## A cluster',
    '',
    'Three gateways and two workers as processes, a Redis and a server of the protocol of MongoDB, and a proxy on each way between them. The same workload',
    'with 187 more clients in 46 more conversations.',
    '',
    '### The faults',
    '',
    table(
      ['round', 'fault', 'shown by'],
      rounds.flatMap(({ inflicted }, index) =>
        inflicted.map(({ name, shownBy }) => [String(index + 1), name, shownBy ?? 'it did not happen']),
      ),
    ),
    '',
    ...whatRan(rounds),
    ...whatWasFound(rounds),
    '### Clients of killed nodes',
    '',
    'From the kill until a client has everything that was stored before it was connected again (G9).',
    '',
    table(
      ['round', 'clients', 'p50 ms', 'p99 ms', 'most ms', 'machine'],
      rounds.flatMap(({ recovery }, index) =>
        recovery === undefined
          ? []
          : [
              [
                ...[index + 1, recovery.clients, recovery.p50Ms, recovery.p99Ms, recovery.maxMs].map(String),
                recovery.isMachineBusy ? 'too busy to be measured by' : 'kept up',
              ],
            ],
      ),
    ),
    ...(busy === 0
      ? []
      : [
          '',
          'Where the machine was too busy, clients of the nodes that were not killed waited more than a second as well.',
        ]),
  ].join('\n');
}

function whatRan(rounds: readonly Round[]): string[] {
  return [
    '### What ran',
    '',
    table(
      ['', ...rounds.map((_, index) => `round ${index + 1}`), 'all'],
      [
        ['seed', ...rounds.map(({ seed }) => String(seed)), ''],
        ...countRows.map(([key, name]) => [
          name,
          ...rounds.map(({ counts }) => String(counts[key])),
          String(sum(rounds, key)),
        ]),
      ],
    ),
    '',
  ];
}

function whatWasFound(rounds: readonly Round[]): string[] {
  const found = rounds.flatMap(({ violations }) => violations);
  return [
    '### What was found',
    '',
    table(
      ['promise', 'checked by', 'of them', 'broken'],
      guarantees.map((guarantee) => {
        const [what, key] = lookedAt[guarantee];
        const broken = found.filter((violation) => violation.guarantee === guarantee).length;
        return [guarantee, what, String(sum(rounds, key)), String(broken)];
      }),
    ),
    '',
    ...oddities(found),
  ];
}

function oddities(found: readonly Violation[]): string[] {
  const odd = found.filter(({ guarantee }) => guarantee === 'odd').length;
  const rest = found.filter(({ guarantee }) => guarantee !== 'odd').slice(0, 20);
  return [
    `Beside the promises: ${odd === 0 ? 'nothing' : odd} that no client may meet (errors in the log of the server, refusals for ever).`,
    '',
    ...(rest.length === 0 ? [] : [...rest.map(({ guarantee, what }) => `- ${guarantee}: ${what}`), '']),
  ];
}

function sum(rounds: readonly Round[], key: keyof Counts): number {
  return rounds.reduce((total, { counts }) => total + counts[key], 0);
}

/** As prettier lays it out, so that the page is the same however it was made. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) => Math.max(3, name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
