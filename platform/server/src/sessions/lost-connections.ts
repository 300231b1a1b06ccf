// Records what became of the connections of a node that died, on the node that cleaned up after it. Who is told of
// it is the business of whoever listens.
import type { AppId } from '../ports/app-id.ts';
import type { Facts } from '../ports/facts.ts';
import type { ConnectionRecord } from '../ports/presence.ts';
import type { Surroundings } from '../ports/surroundings.ts';

/** For `PresenceNode.lost`. */
export function recordLost({
  facts,
  surroundings: { clock, log },
}: {
  facts: Pick<Facts, 'record' | 'wants'>;
  surroundings: Pick<Surroundings, 'clock' | 'log'>;
}): (app: AppId, records: readonly ConnectionRecord[]) => void {
  return (app, records) => {
    log.info('connections lost', { app, users: records.length });
    if (!facts.wants('connection.lost')) return;
    const atMs = clock.now();
    for (const { connectionId, userId, deviceId, deviceType, page, node } of records) {
      facts.record(app, { type: 'connection.lost', atMs, connectionId, userId, deviceId, deviceType, page, node });
    }
  };
}
