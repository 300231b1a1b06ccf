// Puts tracer and exporter together. Loaded only where traces are on.

import type { TracingConfig } from '../config/config.ts';
import { version } from '../config/version.ts';
import type { Log } from '../ports/log.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Tracing } from '../ports/tracing.ts';
import { OtlpExporter } from '../telemetry/tracing/otlp-exporter.ts';
import { tracedLog } from '../telemetry/tracing/traced-log.ts';
import { Tracer } from '../telemetry/tracing/tracer.ts';

export interface OpenedTracing {
  tracing: Tracing;
  /** The same log, with `traceId` in lines of what a trace follows. */
  log: Log;
  /** Sends what waits. */
  stop(): Promise<void>;
}

export function openTracing(
  { endpoint, headers, serviceName, share }: TracingConfig,
  { node, surroundings }: { node: string; surroundings: Surroundings },
): OpenedTracing {
  const resource = { 'service.name': serviceName, 'service.version': version, 'service.instance.id': node };
  const exporter = new OtlpExporter({ endpoint, headers, resource, surroundings });
  const tracing = new Tracer({ clock: surroundings.clock, share, onEnd: (span) => exporter.add(span) });
  return { tracing, log: tracedLog(surroundings.log, tracing), stop: () => exporter.flush() };
}
