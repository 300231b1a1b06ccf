import { afterEach, expect, test } from 'vitest';
import { createHealth } from '../telemetry/health.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { exposeNode, exposeProcess, memoryLimitBytes } from './node-metrics.ts';

const metrics = createMetrics();
afterEach(() => metrics.close());

test('a node says at each scrape whether it can serve and which parts it reaches, also when the store does not answer', async () => {
  const health = createHealth();
  let store: 'up' | 'down' = 'up';
  health.check('store', () => store);
  health.check('bus', () => ({ state: 'down', detail: 'no answer' }));
  health.setStarted();
  const fail = () => Promise.reject(new Error('away'));
  exposeProcess({ metrics, health, role: 'gateway' });
  exposeNode({
    metrics,
    engine: { queue: { counts: fail }, stores: { deadLetterTotal: { count: fail } } } as never,
    sockets: () => 3,
    listener: { count: async () => 4 },
  });
  const before = await metrics.text();
  expect(before).toContain('belfry_ready 0');
  expect(before).toContain('belfry_part_up{part="store"} 1');
  expect(before).toContain('belfry_part_up{part="bus"} 0');
  expect(before).toContain('belfry_sockets 3');
  expect(before).toContain('belfry_tcp_connections 4');
  expect(before).toMatch(/^belfry_build_info\{version="[^"]+",node="v[^"]+",role="gateway"\} 1$/m);
  store = 'down';
  expect(await metrics.text()).toContain('belfry_part_up{part="store"} 0');
});

test.each([
  ['the limit of the container', 512, 512],
  ['the memory of the machine without a limit', 0, 1024],
  ['the memory of the machine where the limit is a number without meaning', 2 ** 63, 1024],
])('a process may have %s', (_, constrained, expected) => {
  expect(memoryLimitBytes(constrained, 1024)).toBe(expected);
});
