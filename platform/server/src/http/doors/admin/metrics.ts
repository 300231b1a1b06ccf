// /apps/{app}/metrics: how busy an app was, for charts, and where it goes wrong.

import * as z from 'zod';
import type { Figures } from '../../../sessions/views/app-figures.ts';
import { figuresEveryMs } from '../../../sessions/views/app-figures.ts';
import { silentSchema } from './connection-query.ts';
import { appParams, appRoute } from './route.ts';
import { isoOf } from './shown.ts';

const pointSchema = z.tuple([z.number(), z.number().nullable()]);

const answerSchema = z
  .object({
    /** Of a step, ms. */
    stepMs: z.int(),
    now: z.string(),
    series: z.array(z.object({ name: z.string(), label: z.string().optional(), points: z.array(pointSchema) })),
    /** What was withheld or went wrong, the most first. */
    reasons: z.array(z.object({ reason: z.string(), at: z.string().optional(), count: z.int() })),
    silentNodes: silentSchema,
    sums: z.object({
      ...{ messages: z.int(), events: z.int(), accepted: z.int(), failed: z.int(), withheld: z.int() },
    }),
  })
  .meta({ id: 'AppMetrics' });
type AppMetrics = z.output<typeof answerSchema>;

const minuteMs = 60_000;
const ranges: ReadonlyMap<string, number> = new Map([
  ['15m', 15 * minuteMs],
  ['1h', 60 * minuteMs],
]);
const mostReasons = 12;

export const metricRoutes = [
  appRoute({
    operationId: 'getAppMetrics',
    method: 'get',
    path: '/apps/{app}/metrics',
    tag: 'Metrics',
    summary: 'How busy the app was, in steps of ten seconds',
    description: 'Of all nodes that answer. Each keeps the last hour, until it is started anew.',
    role: 'viewer',
    params: appParams,
    query: z.strictObject({ range: z.enum(['15m', '1h']).default('1h') }),
    answers: { 200: { description: 'The figures.', schema: answerSchema } },
    async handle({ caller, query }, { figures, clock }) {
      const now = clock.now();
      const { steps, silent } = await figures.of(caller.app.app, now - (ranges.get(query.range) ?? 0));
      const sums = { messages: 0, events: 0, accepted: 0, failed: 0, withheld: 0 };
      for (const step of steps) {
        for (const name of ['messages', 'events', 'accepted', 'failed', 'withheld'] as const) sums[name] += step[name];
      }
      // What lies in two steps counts in parts of one.
      for (const name of ['messages', 'events', 'accepted', 'failed', 'withheld'] as const)
        sums[name] = Math.round(sums[name]);
      const body: AppMetrics = {
        ...{ stepMs: figuresEveryMs, now: isoOf(now), series: seriesOf(steps), reasons: reasonsOf(steps), sums },
        silentNodes: [...silent],
      };
      return { status: 200, body };
    },
  }),
];

function seriesOf(steps: readonly Figures[]): AppMetrics['series'] {
  const of = (name: string, value: (step: Figures) => number | undefined, label?: string) => ({
    ...(label === undefined ? { name } : { name, label }),
    points: steps.map((step): [number, number | null] => [step.at, value(step) ?? null]),
  });
  const perSecond = (count: number): number => tenth((count * 1000) / figuresEveryMs);
  const devices = (['desktop', 'mobile', 'tablet'] as const).map((type) =>
    of('connections', ({ connections }) => connections && (connections[type] ?? 0), type),
  );
  return [
    ...devices,
    of('users', ({ users }) => users),
    of('messages', ({ messages }) => perSecond(messages)),
    of('events', ({ events }) => perSecond(events)),
    of('pushes', ({ accepted }) => tenth(accepted), 'accepted'),
    of('pushes', ({ failed }) => tenth(failed), 'failed'),
  ];
}

function tenth(count: number): number {
  return Math.round(count * 10) / 10;
}

function reasonsOf(steps: readonly Figures[]): AppMetrics['reasons'] {
  const counts = new Map<string, number>();
  for (const { reasons } of steps) {
    for (const [name, count] of reasons) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return Array.from(counts, ([name, count]) => {
    const [reason = '', at] = name.split(' ');
    return { reason, ...(at === undefined ? {} : { at }), count: Math.round(count) };
  })
    .sort((a, b) => b.count - a.count)
    .slice(0, mostReasons);
}
