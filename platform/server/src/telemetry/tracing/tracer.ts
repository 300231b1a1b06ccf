// Makes spans and remembers which one is under way. Sending them is otlp-exporter.ts.

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import type { Span, SpanAttributes, SpanOptions, Tracing } from '../../ports/tracing.ts';
import { readTraceparent, writeTraceparent, type TracePlace } from './traceparent.ts';

/** A span that has ended. */
export interface EndedSpan {
  traceId: string;
  spanId: string;
  parentId: string | undefined;
  name: string;
  kind: NonNullable<SpanOptions['kind']>;
  /** Since the epoch. */
  startMs: number;
  tookMs: number;
  attributes: SpanAttributes;
  /** A code, never a message: that may hold what users wrote. */
  error: string | undefined;
}

export interface TracerOptions {
  clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Of the traces that begin here, the share that is kept; from 0 to 1. */
  share: number;
  onEnd: (span: EndedSpan) => void;
  /** In [0, 1). */
  random?: () => number;
}

export class Tracer implements Tracing {
  readonly #options: Required<TracerOptions>;
  readonly #underWay = new AsyncLocalStorage<TracePlace>();

  constructor(options: TracerOptions) {
    this.#options = { random: Math.random, ...options };
  }

  span<T>(name: string, { kind = 'internal', parent, attributes = {} }: SpanOptions, run: (span: Span) => T): T {
    const { clock, onEnd } = this.#options;
    const above = readTraceparent(parent) ?? this.#underWay.getStore();
    const place = this.#placeBelow(above);
    const span = { name, attributes };
    const startMs = clock.now();
    const startedAt = clock.monotonic();
    const end = (error?: unknown): void => {
      if (!place.isSampled) return;
      const tookMs = clock.monotonic() - startedAt;
      onEnd({ ...place, parentId: above?.spanId, kind, startMs, tookMs, ...span, error: codeOf(error) });
    };
    const handle: Span = {
      name: (text) => void (span.name = text),
      set: (more) => void (span.attributes = { ...span.attributes, ...more }),
    };
    return ended(() => this.#underWay.run(place, () => run(handle)), end);
  }

  traceparent(): string | undefined {
    const place = this.#underWay.getStore();
    return place === undefined ? undefined : writeTraceparent(place);
  }

  traceId(): string | undefined {
    return this.#underWay.getStore()?.traceId;
  }

  #placeBelow(above: TracePlace | undefined): TracePlace {
    const { share, random } = this.#options;
    const spanId = randomBytes(8).toString('hex');
    if (above !== undefined) return { ...above, spanId };
    return { traceId: randomBytes(16).toString('hex'), spanId, isSampled: random() < share };
  }
}

/** Calls `end` when it has returned, or when the promise that it returned is settled. */
function ended<T>(run: () => T, end: (error?: unknown) => void): T {
  let result: T;
  try {
    result = run();
  } catch (error) {
    end(error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  result.then(() => end(), end);
  return result;
}

function codeOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
