// Metrics for what is tested without looking at them: counts nothing.

import type { Metrics } from '../../src/ports/metrics.ts';

const ignore = (): undefined => undefined;

export const silentMetrics: Metrics = { count: ignore, observe: ignore, set: ignore, onCollect: ignore };
