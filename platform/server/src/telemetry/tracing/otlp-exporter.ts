// Sends ended spans to a collector: OTLP over HTTP, as JSON, in batches. What cannot be sent is dropped and counted:
// traces may cost neither memory nor messages. docs/decisions/105 says why this is no library.

import type { Timer } from '../../ports/clock.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import type { SpanAttributes } from '../../ports/tracing.ts';
import type { EndedSpan } from './tracer.ts';

export interface OtlpExporterOptions {
  /** `/v1/traces` is appended. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  /** What the spans are of: name and version of the service, and the node. */
  resource: SpanAttributes;
  surroundings: Surroundings;
}

/** Of one request. */
const maxBatch = 512;
/** Spans that wait; some 2 MB. */
const maxWaiting = 4096;
const everyMs = 2000;
const requestMs = 5000;

const kinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
/** Of the status: unset, and error. */
const [unset, failed] = [0, 2];

export class OtlpExporter {
  readonly #options: OtlpExporterOptions;
  readonly #url: string;
  #waiting: EndedSpan[] = [];
  #timer: Timer | undefined;
  #sending: Promise<void> | undefined;
  #isDown = false;

  constructor(options: OtlpExporterOptions) {
    this.#options = options;
    this.#url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
  }

  add(span: EndedSpan): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#count('dropped', 1);
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= maxBatch) void this.flush();
    else this.#timer ??= this.#options.surroundings.clock.after(everyMs, () => void this.flush());
  }

  /** Sends what waits. Never rejects. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    // One request at a time: a slow collector gets larger batches, not more of them.
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#send(this.#waiting.splice(0, maxBatch));
  }

  async #send(spans: readonly EndedSpan[]): Promise<void> {
    const problem = await this.#post(spans);
    this.#count(problem === undefined ? 'sent' : 'dropped', spans.length);
    if (this.#isDown === (problem !== undefined)) return;
    this.#isDown = problem !== undefined;
    const { log } = this.#options.surroundings;
    // Once for each change: a line for each batch would say no more.
    if (problem === undefined) log.info('traces', { state: 'up' });
    else log.warn('traces', { state: 'down', url: this.#url, reason: problem });
  }

  /** What was wrong, if anything was. */
  async #post(spans: readonly EndedSpan[]): Promise<string | undefined> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { ...this.#options.headers, 'content-type': 'application/json' },
        body: JSON.stringify(requestOf(spans, this.#options.resource)),
        signal: AbortSignal.timeout(requestMs),
      });
      await response.body?.cancel();
      return response.ok ? undefined : `HTTP ${response.status}`;
    } catch (error) {
      if (!(error instanceof Error)) return 'failed';
      return error.cause instanceof Error ? error.cause.message : error.message;
    }
  }

  #count(outcome: 'sent' | 'dropped', by: number): void {
    this.#options.surroundings.metrics.count('trace_spans_total', [outcome], by);
  }
}

function requestOf(spans: readonly EndedSpan[], resource: SpanAttributes): object {
  const scopeSpans = [{ scope: { name: 'belfry' }, spans: spans.map(spanOf) }];
  return { resourceSpans: [{ resource: { attributes: attributesOf(resource) }, scopeSpans }] };
}

function spanOf({ traceId, spanId, parentId, name, kind, startMs, tookMs, attributes, error }: EndedSpan): object {
  return {
    ...{ traceId, spanId, name, kind: kinds[kind] },
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(startMs + tookMs),
    attributes: attributesOf(error === undefined ? attributes : { ...attributes, 'error.type': error }),
    status: { code: error === undefined ? unset : failed },
  };
}

/** Beyond what a number can hold, so a text, as OTLP wants it. */
function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

function attributesOf(attributes: SpanAttributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyOf(value) }],
  );
}

function anyOf(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
