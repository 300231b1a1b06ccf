// How busy an app was in a span of time: from what nodes have in memory where that reaches, else from what is kept.

import type { AppId } from '../../ports/app-id.ts';
import { summed } from '../../ports/stores/figures.ts';
import type {
  FigureCounts,
  FigureGauges,
  FigureHistory,
  FigureStore,
  PushFigures,
  ReasonFigure,
} from '../../ports/stores/index.ts';
import { figuresEveryMs, type Figures } from './app-figures.ts';
import { listOf } from './counts.ts';
import { minuteMs } from './figure-keeping.ts';
import type { FiguresOfNodes } from './figures-of-nodes.ts';

export interface Span {
  fromMs: number;
  toMs: number;
}

export interface FigureSpan extends FigureGauges, FigureCounts {
  /** When it ended, ms since the epoch. */
  at: number;
  /** How long it was, ms: what is finer comes last. */
  ms: number;
}

export interface FiguresOfTime {
  /** Of most of its parts, ms. */
  stepMs: number;
  /** The oldest first; none of a time of which nothing is known. */
  spans: readonly FigureSpan[];
  /** The most first. */
  reasons: readonly ReasonFigure[];
  /** The oldest that is known of the app, ms since the epoch. */
  sinceMs?: number;
  /** Left out where nothing is known of them, of this time or another. */
  pushes?: PushFigures;
  /** Nodes that did not answer. */
  silent: readonly string[];
}

export interface FigureSources {
  figures: Pick<FiguresOfNodes, 'of'>;
  figureStore: Pick<FigureStore, 'read'>;
}

const hourMs = 60 * minuteMs;
/** Longer spans have longer steps: a chart has some hundred points. */
const steps: readonly { upToMs: number; stepMs: number }[] = [
  { upToMs: 6 * hourMs, stepMs: minuteMs },
  { upToMs: 24 * hourMs, stepMs: 5 * minuteMs },
  { upToMs: Infinity, stepMs: 30 * minuteMs },
];

/** Throws `unavailable` for a span that only the store knows while that is away. */
export function figuresOfTime(
  app: AppId,
  asked: { span: Span; nowMs: number; mostReasons: number },
  sources: FigureSources,
): Promise<FiguresOfTime> {
  const { span, nowMs } = asked;
  // A step more, since a page asks for what it saw a moment ago.
  const isRecent = span.fromMs >= nowMs - hourMs - minuteMs && span.toMs - span.fromMs <= hourMs;
  return isRecent ? recent(app, asked, sources) : kept(app, asked, sources);
}

/** In memory a node has nothing of before its start: that is in the store, in steps of a minute. */
async function recent(
  app: AppId,
  { span, mostReasons }: { span: Span; mostReasons: number },
  { figures, figureStore }: FigureSources,
): Promise<FiguresOfTime> {
  const { steps: all, silent } = await figures.of(app, span.fromMs);
  const inSpan = all.filter(({ at }) => at <= span.toMs);
  const firstMs = inSpan[0] === undefined ? span.toMs : inSpan[0].at - figuresEveryMs;
  const before = { fromMs: fullMinutes(span.fromMs), toMs: fullMinutes(firstMs), stepMs: minuteMs, mostReasons };
  // What is in memory is told without the store as well.
  const earlier: FigureHistory = await figureStore.read(app, before).catch(() => ({ steps: [], reasons: [] }));
  const sinceMs = earlier.sinceMs ?? (inSpan.length === 0 ? undefined : firstMs);
  const pushesSinceMs = earlier.pushes?.sinceMs ?? (inSpan.length === 0 ? undefined : firstMs);
  const inMemory = inSpan.flatMap(({ pushEnds }) => listOf(pushEnds));
  return {
    stepMs: figuresEveryMs,
    spans: [
      ...earlier.steps.map(({ at, ...figuresOf }) => ({ at: at + minuteMs, ms: minuteMs, ...figuresOf })),
      ...inSpan.map(spanOf),
    ],
    reasons: summed([...earlier.reasons, ...inSpan.flatMap(({ reasons }) => listOf(reasons))]).slice(0, mostReasons),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(pushesSinceMs !== undefined && {
      pushes: {
        mayPush: inSpan.reduce((sum, { mayPush }) => sum + mayPush, earlier.pushes?.mayPush ?? 0),
        ends: summed([...(earlier.pushes?.ends ?? []), ...inMemory]),
        sinceMs: pushesSinceMs,
      },
    }),
    silent,
  };
}

async function kept(
  app: AppId,
  { span, nowMs, mostReasons }: { span: Span; nowMs: number; mostReasons: number },
  { figureStore }: FigureSources,
): Promise<FiguresOfTime> {
  const lengthMs = span.toMs - span.fromMs;
  const { stepMs = minuteMs } = steps.find(({ upToMs }) => lengthMs <= upToMs) ?? {};
  const fromMs = span.fromMs - (span.fromMs % stepMs);
  const history = await figureStore.read(app, { fromMs, toMs: span.toMs, stepMs, mostReasons });
  const spans = history.steps.map(({ at, ...figuresOf }) => {
    // The newest step is not over.
    const end = Math.min(at + stepMs, span.toMs, Math.max(nowMs, at + minuteMs));
    return { at: end, ms: end - at, ...figuresOf };
  });
  const { steps: _told, ...rest } = history;
  return { ...rest, stepMs, spans, silent: [] };
}

function fullMinutes(ms: number): number {
  return ms - (ms % minuteMs);
}

function spanOf({ at, connections, users, ...step }: Figures): FigureSpan {
  const { messages, events, accepted, failed, withheld } = step;
  const { desktop = 0, mobile = 0, tablet = 0 } = connections ?? {};
  return {
    ...{ at, ms: figuresEveryMs },
    ...(connections !== undefined && { desktop, mobile, tablet }),
    ...(users !== undefined && { users }),
    ...{ messages, events, accepted, failed, withheld },
  };
}
