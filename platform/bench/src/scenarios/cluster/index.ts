// The scenarios of `--cluster`, in the order in which they run.
import type { Scenario } from '../../scenario.ts';
import { clusterAppend } from './append.ts';
import { clusterFanOut } from './fan-out.ts';
import { clusterGrowth } from './growth.ts';
import { clusterPush } from './push.ts';
import { clusterRedis } from './redis.ts';
import { clusterRooms } from './rooms.ts';
import { clusterSize } from './size.ts';

export const clusterScenarios: readonly Scenario[] = [
  ...[clusterFanOut, clusterRooms, clusterAppend, clusterPush, clusterGrowth, clusterRedis, clusterSize],
];
