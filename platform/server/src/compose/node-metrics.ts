// What a node says of itself at each scrape: version and role, whether it can serve, its sockets, its jobs. What
// its parts count by themselves is not here.

import { totalmem } from 'node:os';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Health } from '../telemetry/health.ts';
import type { Engine } from './engine.ts';
import type { Listener } from './listener.ts';

interface ProcessMetricsDeps {
  metrics: Metrics;
  health: Pick<Health, 'ready'>;
  role: Config['role'];
}

interface NodeMetricsDeps {
  metrics: Metrics;
  engine: Pick<Engine, 'queue' | 'stores'>;
  sockets: () => number;
  listener: Pick<Listener, 'count'>;
}

/** What there is to say before anything else of the node is there. */
export function exposeProcess({ metrics, health, role }: ProcessMetricsDeps): void {
  metrics.set('build_info', [version, process.version, role], 1);
  metrics.set('memory_limit_bytes', [], memoryLimitBytes(process.constrainedMemory(), totalmem()));
  metrics.onCollect(() => {
    const { ok, body } = health.ready();
    metrics.set('ready', [], ok ? 1 : 0);
    for (const [part, answer] of Object.entries(body.checks)) {
      const state = typeof answer === 'string' ? answer : answer.state;
      metrics.set('part_up', [part], state === 'up' ? 1 : 0);
    }
  });
}

export function exposeNode({ metrics, engine, sockets, listener }: NodeMetricsDeps): void {
  metrics.onCollect(() => metrics.set('sockets', [], sockets()));
  // Apart from the others: these ask, and may have no answer when a part is down.
  metrics.onCollect(async () => metrics.set('tcp_connections', [], await listener.count()));
  metrics.onCollect(async () => {
    const dead = await engine.stores.deadLetterTotal.count();
    for (const [state, count] of Object.entries({ ...(await engine.queue.counts('push')), dead })) {
      metrics.set('queue_jobs', ['push', state], count);
    }
  });
}

/** `constrained` is 0 where there is no limit, and no number of this machine's where the limit is "none". */
export function memoryLimitBytes(constrained: number, total: number): number {
  return constrained > 0 && constrained < total ? constrained : total;
}
