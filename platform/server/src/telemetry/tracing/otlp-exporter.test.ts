import { expect, test, vi } from 'vitest';
import { RecordedLog, RecordedMetrics } from '../../sessions/test/sessions.fixture.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { OtlpExporter } from './otlp-exporter.ts';

const span = {
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentId: undefined, name: 'x', kind: 'internal' as const },
  ...{ startMs: 1_700_000_000_000.25, tookMs: 1.5, attributes: { a: 'text', b: 2, c: 0.5, d: true, e: undefined } },
  error: undefined,
};

function exporter() {
  const clock = createVirtualClock();
  const log = new RecordedLog();
  const metrics = new RecordedMetrics();
  const surroundings = { clock, log, metrics };
  const made = new OtlpExporter({ endpoint: 'http://collector/', headers: { k: 'v' }, resource: {}, surroundings });
  const requests: { url: string; spans: Record<string, unknown>[] }[] = [];
  const answer = vi.fn(async () => new Response('{}'));
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
    };
    requests.push({ url, spans: resourceSpans[0]?.scopeSpans[0]?.spans ?? [] });
    return answer();
  });
  return { made, clock, log, metrics, requests, answer };
}

test('spans go together, some seconds after the first, in the form of OTLP', async () => {
  const { made, clock, requests, metrics } = exporter();
  made.add(span);
  made.add({ ...span, parentId: 'c'.repeat(16), error: 'overloaded' });
  expect(requests).toEqual([]);
  await clock.advance(2000);
  await made.flush();
  expect(requests.map(({ url, spans }) => [url, spans.length])).toEqual([['http://collector/v1/traces', 2]]);
  expect(requests[0]?.spans[0]).toEqual({
    ...{ traceId: span.traceId, spanId: span.spanId, name: 'x', kind: 1, status: { code: 0 } },
    ...{ startTimeUnixNano: '1700000000000250000', endTimeUnixNano: '1700000000001750000' },
    attributes: [
      { key: 'a', value: { stringValue: 'text' } },
      { key: 'b', value: { intValue: '2' } },
      { key: 'c', value: { doubleValue: 0.5 } },
      { key: 'd', value: { boolValue: true } },
    ],
  });
  expect(requests[0]?.spans[1]).toMatchObject({ parentSpanId: 'c'.repeat(16), status: { code: 2 } });
  expect(metrics.value('trace_spans_total', ['sent'])).toBe(2);
  expect(clock.pending()).toBe(0);
});

test('a slow collector has one request at a time, and what waits is bounded', async () => {
  const { made, requests, answer, metrics } = exporter();
  const { promise, resolve } = Promise.withResolvers<Response>();
  answer.mockImplementationOnce(() => promise);
  for (let n = 0; n < 10_000; n += 1) made.add(span);
  expect(requests).toHaveLength(1);
  expect(metrics.value('trace_spans_total', ['dropped'])).toBe(10_000 - 512 - 4096);
  resolve(new Response('{}'));
  await made.flush();
  expect(requests.every(({ spans }) => spans.length <= 512)).toBe(true);
  expect(metrics.value('trace_spans_total', ['sent'])).toBe(512 + 4096);
});

test('a collector that does not answer is said once, and once that it is back', async () => {
  const { made, log, answer } = exporter();
  answer.mockRejectedValueOnce(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
  answer.mockResolvedValueOnce(new Response('', { status: 500 }));
  for (let n = 0; n < 4; n += 1) {
    made.add(span);
    await made.flush();
  }
  expect(log.lines.map(({ msg, fields }) => [msg, fields['state'], fields['reason']])).toEqual([
    ['traces', 'down', 'connect ECONNREFUSED'],
    ['traces', 'up', undefined],
  ]);
});
