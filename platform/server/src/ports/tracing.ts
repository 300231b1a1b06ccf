// Traces as the capabilities see them: one follows a command or a request through append, fan-out and queue to the
// call of a provider. Absent where traces are off: then nothing is asked, made or loaded.

export interface SpanOptions {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** A `traceparent` of W3C that it is a part of; what is under way when left out. */
  parent?: string | undefined;
  attributes?: SpanAttributes;
}

/** Never texts that users write, and never secrets. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** For what is known only while it runs. */
export interface Span {
  name(name: string): void;
  set(attributes: SpanAttributes): void;
}

export interface Tracing {
  /** Runs it as a span. What it calls, and what goes on after an `await` of it, belongs to the same trace. */
  span<T>(name: string, options: SpanOptions, run: (span: Span) => T): T;
  /** Of the span under way, for whoever goes on elsewhere; undefined outside of one. */
  traceparent(): string | undefined;
  traceId(): string | undefined;
}

const noSpan: Span = { name: () => undefined, set: () => undefined };

/** `run` as a span where traces are on; otherwise `run`. */
export function traced<T>(
  tracing: Tracing | undefined,
  [name, options]: readonly [name: string, options?: SpanOptions],
  run: (span: Span) => T,
): T {
  return tracing === undefined ? run(noSpan) : tracing.span(name, options ?? {}, run);
}
