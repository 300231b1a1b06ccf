// The dialect of each contender.
import type { ContenderName } from '../../contenders/contender.ts';
import { belfryDialect } from './belfry.ts';
import type { Dialect } from './dialect.ts';
import { socketIoDialect } from './socket-io.ts';
import { wsStoredDialect } from './ws-stored.ts';
import { wsDialect } from './ws.ts';

export const dialects: Readonly<Record<ContenderName, Dialect>> = {
  ws: wsDialect,
  'ws, stored': wsStoredDialect,
  'socket.io': socketIoDialect,
  belfry: belfryDialect,
};
