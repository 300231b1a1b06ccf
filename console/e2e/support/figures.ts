// Figures of days that a server did not live through, as it would have kept them.
import { openStoredData } from '../../../platform/server/test/support/stored-data.ts';
import type { WholeServer } from '../../../platform/server/test/support/whole-server.ts';

const minute = 60_000;

/**
 * A row for each of the last `minutes`, and before these one each half an hour of the last `hours`: more by day than by
 * night, and a part of the pushes refused. The embedded engine alone.
 */
export async function fillFigures(
  server: WholeServer,
  { app = 'demo', minutes, hours }: { app?: string; minutes: number; hours: number },
): Promise<void> {
  const now = Date.now();
  const thisMinute = now - (now % minute);
  const times = [
    ...Array.from({ length: minutes }, (_, ago) => thisMinute - (ago + 1) * minute),
    ...Array.from({ length: hours * 2 }, (_, ago) => thisMinute - ago * 30 * minute).filter(
      (at) => at < thisMinute - minutes * minute,
    ),
  ];
  const stored = await openStoredData(server);
  try {
    for (const [ago, at] of times.entries()) await stored.insert('figures', rowOf(app, at, ago < minutes));
  } finally {
    await stored.close();
  }
}

/** Of 100 that may be pushed to. */
const pushEnds = [
  { name: 'cancelled_acked', count: 60 },
  { name: 'cancelled_read', count: 5 },
  { name: 'muted', count: 8 },
  { name: 'no_device', count: 4 },
  { name: 'collapsed_into', count: 3 },
  { name: 'accepted_by_provider', count: 14 },
  { name: 'target_gone', count: 2 },
  { name: 'quiet_hours_deferred', count: 6 },
];

/** A row of the last ones counts people, too: older ones are from before that was done. */
function rowOf(app: string, at: number, countsPeople: boolean) {
  const ofDay = (at % (24 * 60 * minute)) / (24 * 60 * minute);
  const busy = 1 + Math.sin((ofDay - 0.25) * 2 * Math.PI);
  const wave = 1 + 0.1 * Math.sin(at / (7 * minute));
  const many = (most: number): number => Math.round(most * busy * wave);
  return {
    ...{ app, at, source: 'before', desktop: many(120), mobile: many(80), tablet: many(10), users: many(160) },
    ...{ messages: many(300), events: many(1500), accepted: many(40), failed: many(2), withheld: many(12) },
    reasons: JSON.stringify([
      { name: 'target_gone web', count: 3 + many(2) },
      { name: 'feature_off_on_page', count: 1 + many(1) },
    ]),
    ...(countsPeople && { may_push: 100, push_ends: JSON.stringify(pushEnds) }),
  };
}

/** As if a node of another version had started then. The embedded engine alone. */
export async function startVersion(server: WholeServer, start: { at: number; version: string }): Promise<void> {
  const stored = await openStoredData(server);
  try {
    const known = (await stored.rows('installation')).find(({ name }) => name === 'version_starts');
    const starts = JSON.parse(String(known?.['value'])) as unknown[];
    await stored.change('installation', { name: 'version_starts' }, { value: JSON.stringify([...starts, start]) });
  } finally {
    await stored.close();
  }
}
