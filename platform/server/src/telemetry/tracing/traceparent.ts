// The header `traceparent` of W3C Trace Context, read and written. Which spans there are is tracer.ts.

export interface TracePlace {
  traceId: string;
  spanId: string;
  isSampled: boolean;
}

// Version ff is forbidden. Of a later version the first four parts mean the same, and more may follow.
const form = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for a text that is none. */
export function readTraceparent(text: string | undefined): TracePlace | undefined {
  const [, version, traceId, spanId, flags = '', more] = form.exec(text?.trim() ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, isSampled: (parseInt(flags, 16) & 1) === 1 };
}

export function writeTraceparent({ traceId, spanId, isSampled }: TracePlace): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
