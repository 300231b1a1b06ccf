// A trace over a whole server: from a command or an HTTP call through append, fan-out and queue to the push, and what
// a log line and a collector have of it. The parts: telemetry/tracing.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { apiKey, webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startTraceReceiver, type ReceivedSpan, type TraceReceiver } from '../support/trace-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

let collector: TraceReceiver;
let hook: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  [collector, hook] = await Promise.all([startTraceReceiver(), startPushReceiver()]);
  server = await startWholeServer({
    app: { providers: [{ id: 'hook', plugin: 'webhook', config: { url: hook.url, secret: webhookSecret } }] },
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=a%20secret',
      OTEL_SERVICE_NAME: 'chat',
    },
  });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await Promise.all([hook.close(), collector.close()]);
});

/** Names from the first span of the trace down to this one. */
function wayTo(span: ReceivedSpan): string[] {
  const above = collector.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(above === undefined ? [] : wayTo(above)), span.name];
}

async function callWithTrace(path: string, body: object, traceparent: string): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', traceparent };
  const response = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.status;
}

describe('a message by HTTP whose caller has a trace', () => {
  let push: ReceivedSpan;
  beforeAll(async () => {
    await putConversation(server, 'c1', ['alice', 'bob']);
    await registerDevice(server, 'bob');
    const request = { senderId: 'alice', type: 'text', content: { text: 'do not trace this text' } };
    const parent = `00-${caller.traceId}-${caller.spanId}-01`;
    expect(await callWithTrace('/conversations/c1/messages', request, parent)).toBe(201);
    push = await collector.span('push');
    await collector.span('append', ({ traceId }) => traceId === caller.traceId);
  });

  test('is one trace: request, broadcast, append, fan-out, claim, job, call of the provider', async () => {
    expect(push.traceId).toBe(caller.traceId);
    const request = await collector.span('POST /api/v1/conversations/{id}/messages');
    expect(request).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.spanId, kind: 2 });
    const [from] = [request.name];
    expect(wayTo(push)).toEqual([from, 'broadcast', 'claim', 'push job', 'push']);
    for (const name of ['append', 'fan-out']) {
      const span = await collector.span(name, ({ traceId }) => traceId === caller.traceId);
      expect(wayTo(span)).toEqual([from, 'broadcast', name]);
    }
  });

  test('gives its trace on to the service of the tenant', () => {
    const sent = hook.pushes.find(({ headers }) => String(headers['traceparent']).includes(caller.traceId));
    expect(sent?.headers['traceparent']).toBe(`00-${caller.traceId}-${push.spanId}-01`);
  });

  test('is found in the log by the trace', async () => {
    for (const msg of ['broadcast done', 'push']) {
      expect(await server.line((line) => line.msg === msg && line['traceId'] === caller.traceId)).toBeDefined();
    }
  });

  test('has what an operator looks for, and nothing that people wrote or are called', () => {
    expect(push).toMatchObject({ kind: 3, attributes: { provider: 'webhook', outcome: 'accepted', attempt: 1 } });
    expect(push.resource).toMatchObject({ 'service.name': 'chat', 'service.version': expect.any(String) });
    const text = JSON.stringify(collector.spans);
    for (const secret of ['do not trace', 'alice', 'bob', 'a secret']) expect(text).not.toContain(secret);
    expect(collector.headers[0]).toMatchObject({ 'x-collector-key': 'a secret' });
  });
});

test('a command begins a trace of its own; one that is refused has the code', async () => {
  await putConversation(server, 'c2', ['carol', 'dave']);
  const carol = await clients.connect({ userId: 'carol' });
  await carol.ask('message', { conversationId: 'c2', cid: 'c-1', type: 'text', content: { text: 'hello' } });
  const append = await collector.span('append', (span) => wayTo(span)[0] === 'command message');
  expect(wayTo(append)).toEqual(['command message', 'broadcast', 'append']);
  const refused = { conversationId: 'nowhere', cid: 'c-2', type: 'text', content: { text: 'x' } };
  expect((await carol.ask('message', refused)).ok).toBe(false);
  const failed = await collector.span('command message', ({ status }) => status.code === 2);
  expect(failed.attributes['error.type']).toMatch(/^[a-z_]+$/);
});

test('messages that are stored together stay in their traces', async () => {
  await putConversation(server, 'c3', ['erin', 'frank']);
  await clients.connect({ userId: 'frank' });
  const count = 20;
  const before = collector.spans.length;
  await Promise.all(Array.from({ length: count }, (_, n) => say(server, 'c3', { from: 'erin', text: String(n) })));
  const fresh = () => collector.spans.slice(before).filter(({ name }) => name === 'append' || name === 'fan-out');
  await expect.poll(() => fresh().length, { timeout: 15_000 }).toBe(2 * count);
  const traces = Map.groupBy(fresh(), ({ traceId }) => traceId);
  expect([...traces.values()].map((spans) => spans.map(({ name }) => name).sort())).toEqual(
    Array.from({ length: count }, () => ['append', 'fan-out']),
  );
});

test('probes and scrapes are in no trace', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics']) await fetch(server.url + path);
  await fetch(`${server.url}/openapi.json`);
  await collector.span('GET /openapi.json');
  expect(collector.spans.map(({ name }) => name).filter((name) => /healthz|readyz|metrics/.test(name))).toEqual([]);
});

test('a collector that is away costs spans and one warning, no message; it is used again when it is back', async () => {
  collector.status = 503;
  await putConversation(server, 'c4', ['gina', 'hugo']);
  expect(await server.line(({ msg, ...line }) => msg === 'traces' && line['state'] === 'down')).toMatchObject({
    level: 'warn',
    reason: 'HTTP 503',
  });
  await say(server, 'c4', { from: 'gina', text: 'all the same' });
  collector.status = 200;
  await fetch(`${server.url}/openapi.json`);
  await server.line(({ msg, ...line }) => msg === 'traces' && line['state'] === 'up');
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/^belfry_trace_spans_total\{outcome="dropped"\} [1-9]/m);
});
