// /apps/{app}/metrics: how busy an app was, for charts, and where it goes wrong.

import * as z from 'zod';
import { minuteMs } from '../../../sessions/views/figure-keeping.ts';
import { figuresOfTime, type FigureSpan, type FiguresOfTime } from '../../../sessions/views/figures-of-time.ts';
import { timeSchema } from './bodies.ts';
import { silentSchema } from './connection-query.ts';
import { funnelOf, funnelSchema } from './push-funnel.ts';
import { appParams, appRoute } from './route.ts';
import { isoOf } from './shown.ts';

const pointSchema = z.tuple([z.number(), z.number().nullable()]);

const answerSchema = z
  .object({
    /** Of most steps, ms. */
    stepMs: z.int(),
    now: z.string(),
    from: z.string(),
    to: z.string(),
    /** The oldest that is known of the app; left out where nothing is. */
    since: z.string().optional(),
    series: z.array(z.object({ name: z.string(), label: z.string().optional(), points: z.array(pointSchema) })),
    /** What was withheld or went wrong, the most first. */
    reasons: z.array(z.object({ reason: z.string(), at: z.string().optional(), count: z.int() })),
    silentNodes: silentSchema,
    /** Of messages that may be pushed; left out where nothing is known of them. */
    funnel: funnelSchema.optional(),
    /** Starts of nodes of another version than the one before, within the time. */
    versions: z.array(z.object({ at: z.string(), version: z.string() })),
    sums: z.object({
      ...{ messages: z.int(), events: z.int(), accepted: z.int(), failed: z.int(), withheld: z.int() },
    }),
  })
  .meta({ id: 'AppMetrics' });
type AppMetrics = z.output<typeof answerSchema>;

const hourMs = 60 * minuteMs;
const longestMs = 7 * 24 * hourMs;
const ranges = { '15m': 15 * minuteMs, '1h': hourMs, '6h': 6 * hourMs, '24h': 24 * hourMs, '7d': longestMs };
const rangeNames = Object.keys(ranges) as (keyof typeof ranges)[];
const mostReasons = 12;

const querySchema = z
  .strictObject({
    range: z.enum(rangeNames).default('1h'),
    from: timeSchema.optional(),
    to: timeSchema.optional(),
  })
  .refine(({ from, to }) => from === undefined || (to !== undefined && from < to), {
    path: ['from'],
    message: 'The time from `from` to `to` is empty, or has no `to`.',
  })
  .refine(({ from, to }) => from === undefined || (to ?? 0) - from <= longestMs, {
    path: ['from'],
    message: 'At most 7 days are told at once.',
  });

export const metricRoutes = [
  appRoute({
    operationId: 'getAppMetrics',
    method: 'get',
    path: '/apps/{app}/metrics',
    tag: 'Metrics',
    summary: 'How busy the app was: by second and minute in the last hour, coarser in the last 7 days',
    description:
      'The time is `range` until `to`, or until now; or from `from` to `to`. Steps are of 10 s within the last hour, else of 1 min up to 6 h, 5 min up to 24 h, 30 min above. Of a minute in which nobody was there and nothing happened there is no point. `messages` and `events` are by the second, `pushes` by the minute. `funnel` counts each person once for each message that may be pushed to them, and what became of it when that was known.',
    role: 'viewer',
    params: appParams,
    query: querySchema,
    answers: { 200: { description: 'The figures.', schema: answerSchema } },
    async handle({ caller, query: { range, from, to } }, { figures, figureStore, versionStarts, clock }) {
      const nowMs = clock.now();
      const toMs = to ?? nowMs;
      const span = { fromMs: from ?? toMs - ranges[range], toMs };
      const found = await figuresOfTime(caller.app.app, { span, nowMs, mostReasons }, { figures, figureStore });
      const { stepMs, spans, reasons, sinceMs, pushes, silent } = found;
      // The charts are told without them while the store is away.
      const starts = await versionStarts().catch(() => []);
      const body: AppMetrics = {
        ...{ stepMs, now: isoOf(nowMs), from: isoOf(span.fromMs), to: isoOf(toMs) },
        ...(sinceMs !== undefined && { since: isoOf(sinceMs) }),
        series: seriesOf(found),
        reasons: reasons.map(reasonOf),
        ...(pushes !== undefined && { funnel: funnelOf(pushes) }),
        versions: starts
          .filter(({ at }) => span.fromMs <= at && at <= toMs)
          .map(({ at, version }) => ({ at: isoOf(at), version })),
        ...{ sums: sumsOf(spans), silentNodes: [...silent] },
      };
      return { status: 200, body };
    },
  }),
];

function sumsOf(spans: readonly FigureSpan[]): AppMetrics['sums'] {
  // What lies in two steps counts in parts of one.
  const sum = (name: keyof AppMetrics['sums']): number =>
    Math.round(spans.reduce((before, span) => before + span[name], 0));
  return {
    ...{ messages: sum('messages'), events: sum('events') },
    ...{ accepted: sum('accepted'), failed: sum('failed'), withheld: sum('withheld') },
  };
}

function seriesOf({ spans, stepMs }: FiguresOfTime): AppMetrics['series'] {
  const of = (name: string, value: (span: FigureSpan) => number | undefined, label?: string) => ({
    ...(label === undefined ? { name } : { name, label }),
    points: pointsOf(spans, { stepMs, value }),
  });
  const per = (ms: number, count: (span: FigureSpan) => number) => (span: FigureSpan) =>
    tenth((count(span) * ms) / span.ms);
  const rounded = (value: number | undefined) => (value === undefined ? undefined : tenth(value));
  return [
    ...(['desktop', 'mobile', 'tablet'] as const).map((type) => of('connections', (span) => rounded(span[type]), type)),
    of('users', ({ users }) => rounded(users)),
    of(
      'messages',
      per(1000, ({ messages }) => messages),
    ),
    of(
      'events',
      per(1000, ({ events }) => events),
    ),
    of(
      'pushes',
      per(minuteMs, ({ accepted }) => accepted),
      'accepted',
    ),
    of(
      'pushes',
      per(minuteMs, ({ failed }) => failed),
      'failed',
    ),
  ];
}

/** Where steps are missing there is a point without a value: a line does not go over it. */
function pointsOf(
  spans: readonly FigureSpan[],
  { stepMs, value }: { stepMs: number; value: (span: FigureSpan) => number | undefined },
): [number, number | null][] {
  let endMs: number | undefined;
  return spans.flatMap((span) => {
    const isGap = endMs !== undefined && span.at - span.ms > endMs + stepMs / 2 + minuteMs;
    const gap: [number, null][] = isGap && endMs !== undefined ? [[endMs + stepMs, null]] : [];
    endMs = span.at;
    return [...gap, [span.at, value(span) ?? null] as [number, number | null]];
  });
}

function tenth(count: number): number {
  return Math.round(count * 10) / 10;
}

function reasonOf({ name, count }: { name: string; count: number }): AppMetrics['reasons'][number] {
  const [reason = '', at] = name.split(' ');
  return { reason, ...(at === undefined ? {} : { at }), count: Math.round(count) };
}
