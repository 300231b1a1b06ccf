// The metrics port on prom-client, and the text that Prometheus reads. Which metrics there are is
// ports/metrics.ts.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { metricSpecs, type MetricName, type Metrics, type MetricSpec } from '../ports/metrics.ts';

export interface MetricsText extends Metrics {
  /** Prometheus text format 0.0.4. Runs what `onCollect` was given first; one that fails is left out. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Stops measuring the event loop. */
  close(): void;
}

const prefix = 'belfry_';
const quantiles = [0.5, 0.9, 0.99] as const;

/** The part of the three metric classes that a value is written to, for one set of label values. */
interface Series {
  count?: (by: number) => void;
  observe?: (value: number) => void;
  set?: (value: number) => void;
}

export function createMetrics(): MetricsText {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix });
  const series = new Map<MetricName, (labels: readonly string[]) => Series>();
  for (const name of metricNames()) series.set(name, remembered(register(registry, name, metricSpecs[name])));
  const collectors: (() => void | Promise<void>)[] = [];
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();

  function at(name: MetricName, labels: readonly string[]): Series {
    return series.get(name)?.(labels) ?? {};
  }

  function set(name: MetricName, labels: readonly string[], value: number): void {
    at(name, labels).set?.(value);
  }

  function collectEventLoop(): void {
    for (const quantile of quantiles) {
      set('event_loop_delay_seconds', [String(quantile)], nanoseconds(loop.percentile(quantile * 100)));
    }
    set('event_loop_delay_seconds', ['1'], nanoseconds(loop.max));
    loop.reset();
  }

  return {
    count: (name, labels = [], by = 1) => at(name, labels).count?.(by),
    observe: (name, labels, value) => at(name, labels).observe?.(value),
    set,
    onCollect: (collect) => void collectors.push(collect),
    async text() {
      collectEventLoop();
      await Promise.allSettled(collectors.map(async (collect) => collect()));
      return registry.metrics();
    },
    contentType: registry.contentType,
    close: () => void loop.disable(),
  };
}

export function metricNames(): MetricName[] {
  return Object.keys(metricSpecs).filter((name): name is MetricName => Object.hasOwn(metricSpecs, name));
}

/** As it is exposed. */
export function exposedName(name: MetricName): string {
  return `${prefix}${name}`;
}

function register(registry: Registry, name: MetricName, spec: MetricSpec): (labels: readonly string[]) => Series {
  const options = { name: exposedName(name), help: spec.help, labelNames: [...spec.labels], registers: [registry] };
  switch (spec.type) {
    case 'counter': {
      // Counted here, and handed to prom-client at a scrape: its own counting costs ten times as much, and a
      // message counts twenty times.
      const series: { add: (by: number) => void; by: number }[] = [];
      const counter = new Counter({
        ...options,
        collect() {
          for (const each of series.filter(({ by }) => by !== 0)) {
            each.add(each.by);
            each.by = 0;
          }
        },
      });
      return (labels) => {
        const child = counter.labels(...labels);
        const own = { add: (by: number) => child.inc(by), by: 0 };
        series.push(own);
        return { count: (by) => void (own.by += by) };
      };
    }
    case 'gauge': {
      const gauge = new Gauge(options);
      return (labels) => {
        const child = gauge.labels(...labels);
        return { set: (value) => child.set(value), count: (by) => child.inc(by) };
      };
    }
    case 'histogram': {
      const histogram = new Histogram({
        ...options,
        ...(spec.buckets === undefined ? {} : { buckets: [...spec.buckets] }),
      });
      return (labels) => {
        const child = histogram.labels(...labels);
        return { observe: (value) => child.observe(value) };
      };
    }
  }
}

/**
 * Finding the series of a set of labels costs prom-client more than counting does, so it is done once for
 * each.
 */
function remembered(find: (labels: readonly string[]) => Series): (labels: readonly string[]) => Series {
  const known = new Map<string, Series>();
  return (labels) => {
    const key = labels.length === 1 ? (labels[0] ?? '') : labels.join('\u0000');
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = find(labels);
    known.set(key, found);
    return found;
  };
}

/** Before its first sample the histogram's values are no times at all. */
function nanoseconds(value: number): number {
  return Number.isFinite(value) && value < 9e15 ? value / 1e9 : 0;
}
