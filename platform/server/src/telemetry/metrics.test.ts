import { afterEach, expect, test } from 'vitest';
import { metricsMarkdown } from './metrics-markdown.ts';
import { createMetrics, exposedName, metricNames, type MetricsText } from './metrics.ts';

const made: MetricsText[] = [];
function metrics(): MetricsText {
  const one = createMetrics();
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.close();
});

test('counters, gauges and histograms appear with prefix, labels and values', async () => {
  const m = metrics();
  m.count('push_total', ['fcm', 'accepted']);
  m.count('push_total', ['fcm', 'accepted'], 2);
  m.set('connections', ['mobile', 'user'], 7);
  m.observe('delivery_seconds', [], 0.02);
  const text = await m.text();
  expect(text).toContain('belfry_push_total{provider="fcm",outcome="accepted"} 3');
  expect(text).toContain('belfry_connections{device_type="mobile",role="user"} 7');
  expect(text).toContain('belfry_delivery_seconds_bucket{le="0.025"} 1');
  expect(text).toContain('belfry_delivery_seconds_bucket{le="0.01"} 0');
  expect(m.contentType).toContain('text/plain');
});

test('a value that is collected at the scrape is asked each time, and one that fails spoils nothing', async () => {
  const m = metrics();
  let jobs = 0;
  m.onCollect(async () => m.set('queue_jobs', ['push', 'waiting'], (jobs += 1)));
  m.onCollect(() => {
    throw new Error('away');
  });
  await m.text();
  expect(await m.text()).toContain('belfry_queue_jobs{queue="push",state="waiting"} 2');
});

test('the process and its event loop are measured', async () => {
  const text = await metrics().text();
  expect(text).toContain('belfry_process_cpu_user_seconds_total');
  expect(text).toMatch(/belfry_event_loop_delay_seconds\{quantile="0\.99"\} \d/);
});

test('two sets of metrics in one process do not share values', async () => {
  const [a, b] = [metrics(), metrics()];
  a.count('connections_opened_total');
  expect(await b.text()).toContain('belfry_connections_opened_total 0');
});

test('the page has a row for every metric', () => {
  const page = metricsMarkdown();
  expect(metricNames().filter((name) => !page.includes(`| \`${exposedName(name)}\` |`))).toEqual([]);
  expect(page).toContain('| `belfry_push_duration_seconds` | histogram | `provider` | seconds |');
});
