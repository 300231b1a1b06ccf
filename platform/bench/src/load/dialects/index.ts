// Which dialect a contender speaks.
import type { ContenderName } from '../../contenders/contender.ts';
import { belfryDialect } from './belfry.ts';
import type { Dialect } from './dialect.ts';
import { socketIoDialect } from './socket-io.ts';
import { wsDialect } from './ws.ts';

export const dialects: Readonly<Record<ContenderName, Dialect>> = {
  ws: wsDialect,
  'socket.io': socketIoDialect,
  belfry: belfryDialect,
};
