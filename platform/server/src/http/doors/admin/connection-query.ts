// The filter and order of lists of connections, as they stand in addresses and bodies. What they mean:
// sessions/views/connection-filter.ts.

import * as z from 'zod';
import {
  connectionSorts,
  type ConnectionFilter,
  type ConnectionSort,
} from '../../../sessions/views/connection-filter.ts';

const valueSchema = z.string().min(1).max(512);
/** One, or several of which any will do. */
const valuesSchema = z.union([valueSchema.transform((value) => [value]), z.array(valueSchema).max(50)]).optional();

const unitMs: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

const durationSchema = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'must be a number and a unit, such as 30s, 10m, 2h or 1d')
  .optional();

export const filterFields = {
  user: valuesSchema,
  device: valuesSchema,
  page: valuesSchema,
  type: valuesSchema,
  node: valuesSchema,
  visible: valuesSchema,
  policy: valuesSchema,
  older: durationSchema,
  rtt: z
    .string()
    .regex(/^\d{1,6}$/, 'must be a number of milliseconds')
    .optional(),
  behind: z.literal('1').optional(),
  q: z.string().max(200).optional(),
};

export const filterSchema = z.strictObject(filterFields);

export function filterOf(given: z.output<typeof filterSchema>): ConnectionFilter {
  const { older, rtt, behind, ...same } = given;
  return {
    ...same,
    ...(older === undefined ? {} : { olderMs: Number(older.slice(0, -1)) * (unitMs.get(older.slice(-1)) ?? 0) }),
    ...(rtt === undefined ? {} : { rttMs: Number(rtt) }),
    behind: behind === '1',
  };
}

/** `-connectedAt`: the newest first. */
export const sortSchema = z
  .enum(connectionSorts.flatMap((sort) => [sort, `-${sort}` as const]))
  .default('-connectedAt');

export function orderOf(sort: z.output<typeof sortSchema>): { sort: ConnectionSort; isDescending: boolean } {
  const isDescending = sort.startsWith('-');
  const name = connectionSorts.find((each) => each === sort.replace(/^-/, '')) ?? 'connectedAt';
  return { sort: name, isDescending };
}

const count = z.int().min(0);
const text = z.string();

export const connectionRowSchema = z
  .object({
    ...{ id: text, user: text, name: text.optional(), visitor: z.boolean() },
    ...{ device: z.enum(['mobile', 'desktop', 'tablet']), deviceId: text, path: text, page: text, type: text },
    ...{ node: text, visible: z.boolean(), attended: z.boolean(), connectedAt: text },
    ...{ policy: count.optional(), confirmed: count.optional(), policyState: z.enum(['current', 'old', 'unsaid']) },
    ...{ rttMs: z.number().optional(), behindBytes: count },
    ...{ platform: text.optional(), appVersion: text.optional(), locale: text.optional() },
  })
  .meta({ id: 'ConnectionRow' });

const facetsSchema = z.record(text, z.array(z.object({ value: text, count })));

/** Nodes that are there and did not answer: what they have is missing. */
export const silentSchema = z.array(text);

const numberFields = { total: count, people: count, strangers: count };

export const connectionListSchema = z.object({
  items: z.array(connectionRowSchema),
  nextCursor: text.optional(),
  total: z.object({ value: count }),
  people: count,
  strangers: count,
  facets: facetsSchema,
  silentNodes: silentSchema,
});

export const viewWindowSchema = z
  .object({
    ...{ n: count, from: count, rows: z.array(connectionRowSchema), ...numberFields, fresh: count },
    facets: facetsSchema,
    silent: silentSchema.optional(),
  })
  .meta({ id: 'ViewWindow' });
