import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { growthOf, scrape, sumOf } from './metrics.ts';

const text = `# HELP belfry_refused_total Refusals.
belfry_refused_total{code="429"} 3
belfry_refused_total{code="a b"} 4
belfry_refused_total_other 9
belfry_sockets 2
`;

test('series are read as they are written, and summed by name', async () => {
  const server = createServer((_, answer) => answer.end(text)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const metrics = await scrape(server.address() as AddressInfo);
    expect(metrics.get('belfry_refused_total{code="a b"}')).toBe(4);
    expect(sumOf(metrics, 'belfry_refused_total')).toBe(7);
    expect(sumOf(metrics, 'belfry_none')).toBeUndefined();
    expect(growthOf('belfry_refused_total', new Map([['belfry_refused_total{code="429"}', 1]]), metrics)).toBe(6);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});
