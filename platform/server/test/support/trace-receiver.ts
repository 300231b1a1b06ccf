// A collector of traces: takes OTLP over HTTP as JSON, and keeps the spans. Judges nothing but that what came is OTLP.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';
import * as z from 'zod';

const attributeSchema = z.strictObject({
  key: z.string(),
  value: z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.string().regex(/^\d+$/) }),
    z.strictObject({ doubleValue: z.number() }),
  ]),
});

const spanSchema = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string(),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: z.string().regex(/^\d{19}$/),
  endTimeUnixNano: z.string().regex(/^\d{19}$/),
  attributes: z.array(attributeSchema),
  status: z.strictObject({ code: z.union([z.literal(0), z.literal(2)]) }),
});

const requestSchema = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes: z.array(attributeSchema) }),
      scopeSpans: z.array(z.strictObject({ scope: z.strictObject({ name: z.string() }), spans: z.array(spanSchema) })),
    }),
  ),
});

export interface ReceivedSpan extends Omit<z.infer<typeof spanSchema>, 'attributes'> {
  attributes: Record<string, string | number | boolean>;
  resource: Record<string, string | number | boolean>;
}

export interface TraceReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  spans: ReceivedSpan[];
  /** Of each request. */
  headers: Record<string, unknown>[];
  /** The next requests are answered with it. */
  status: number;
  /** Resolves with all spans so far, when one has this name and fits. */
  span(name: string, fits?: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>;
  close(): Promise<void>;
}

export async function startTraceReceiver(): Promise<TraceReceiver> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    receiver.headers.push(request.headers);
    if (receiver.status === 200 && request.method === 'POST' && request.url === '/v1/traces') keep(JSON.parse(body));
    response.writeHead(receiver.status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: TraceReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    headers: [],
    status: 200,
    span: (name, fits = () => true) =>
      vi.waitFor(
        () => {
          const found = receiver.spans.find((span) => span.name === name && fits(span));
          if (found === undefined)
            throw new Error(`no span ${name} in ${receiver.spans.map((each) => each.name).join(', ')}`);
          return found;
        },
        { timeout: 15_000 },
      ),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };

  function keep(raw: unknown): void {
    for (const { resource, scopeSpans } of requestSchema.parse(raw).resourceSpans) {
      for (const { attributes, ...span } of scopeSpans.flatMap(({ spans }) => spans)) {
        receiver.spans.push({ ...span, attributes: plain(attributes), resource: plain(resource.attributes) });
      }
    }
  }

  return receiver;
}

function plain(attributes: readonly z.infer<typeof attributeSchema>[]): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      if ('stringValue' in value) return [key, value.stringValue];
      if ('boolValue' in value) return [key, value.boolValue];
      return [key, 'intValue' in value ? Number(value.intValue) : value.doubleValue];
    }),
  );
}
