// Belfry's own metrics, in the Prometheus format.

export type Metrics = ReadonlyMap<string, number>;

/** By series, as it is written: `belfry_refused_total{code="429"}`. */
export async function scrape({ port }: { port: number }): Promise<Metrics> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (!answer.ok) throw new Error(`/metrics: ${answer.status}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, number] => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** All series of a name together; undefined when there is none. */
export function sumOf(metrics: Metrics, name: string): number | undefined {
  const values = [...metrics].filter(([series]) => series === name || series.startsWith(`${name}{`));
  return values.length === 0 ? undefined : values.reduce((sum, [, value]) => sum + value, 0);
}

/** 99th percentile of how late the event loop was since the metrics were read before, ms; NaN where it is not said. */
export function loopDelayMsOf(metrics: Metrics): number {
  return (metrics.get('belfry_event_loop_delay_seconds{quantile="0.99"}') ?? Number.NaN) * 1000;
}

/** How much all series of a name grew; undefined when there is none. */
export function growthOf(name: string, before: Metrics, after: Metrics): number | undefined {
  const now = sumOf(after, name);
  return now === undefined ? undefined : now - (sumOf(before, name) ?? 0);
}
