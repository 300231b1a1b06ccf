// `belfry simulate FILE`: asks a running server what the requests of a file, or its newest messages, would do under
// other settings, and prints the difference. Deciding it is the server's.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeFailure } from '../compose/data-failure.ts';
import { reachableHost } from '../config/addresses.ts';
import { exitCodes } from './exit-codes.ts';
import { readConfig, type Surroundings } from './surroundings.ts';

export interface SimulateOptions {
  /** Where the server is; as the configuration says where it is left out. */
  url?: string;
  /** The file with the API key: on the command line others would see it. */
  keyFile: string;
  /** The whole answer, as JSON. */
  json?: boolean;
}

const limitMs = 120_000;

const counts = z.record(z.string(), z.number());
const answerSchema = z.object({
  items: z.array(
    z.looseObject({
      messageId: z.string().optional(),
      refused: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
  ...{ then: counts, now: counts, changed: counts },
  differences: z.array(z.object({ reason: z.string(), now: z.number(), changed: z.number() })),
  isCut: z.boolean(),
});
const problemSchema = z.object({ code: z.string(), detail: z.string() });

export async function simulate(file: string, options: SimulateOptions, surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings;
  const url = options.url ?? ownUrl(surroundings);
  if (url === undefined) return exitCodes.configuration;
  const [asked, key] = [
    await readWith(file, (text) => parse(text) as unknown),
    await readWith(options.keyFile, trimmed),
  ];
  for (const each of [asked, key]) if ('problem' in each) err(each.problem);
  if ('problem' in asked || 'problem' in key) return exitCodes.configuration;
  try {
    const response = await fetch(new URL('/api/v1/simulate', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key.value}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked.value),
      signal: AbortSignal.timeout(limitMs),
    });
    const answer: unknown = await response.json();
    if (!response.ok) {
      const { code, detail } = problemSchema.parse(answer);
      err(`${code}: ${detail}`);
      return exitCodes.refused;
    }
    const simulation = answerSchema.parse(answer);
    out(options.json === true ? JSON.stringify(answer, null, 2) : sayDifferences(simulation));
    return exitCodes.done;
  } catch (error) {
    err(`${url} does not answer: ${await describeFailure(error)}`);
    return exitCodes.refused;
  }
}

function ownUrl(surroundings: Surroundings): string | undefined {
  const config = readConfig(surroundings);
  return config === undefined ? undefined : `http://${reachableHost(config.host)}:${config.port}`;
}

async function readWith<T>(file: string, read: (text: string) => T): Promise<{ value: T } | { problem: string }> {
  try {
    return { value: read(await readFile(file, 'utf8')) };
  } catch (error) {
    return { problem: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function trimmed(text: string): string {
  return text.trim();
}

type Simulation = z.infer<typeof answerSchema>;

/** One line for each reason that would change, and one for each that is refused. */
function sayDifferences({ items, differences, then, isCut }: Simulation): string {
  const widest = Math.max(0, ...differences.map(({ reason }) => reason.length));
  const lines = differences.map(({ reason, now, changed }) => {
    const by = changed - now;
    return `${reason.padEnd(widest)}  ${now} -> ${changed}  (${by > 0 ? '+' : ''}${by})`;
  });
  const refused = items.flatMap(({ refused: why, messageId }, at) =>
    why === undefined ? [] : `${messageId ?? `request ${at + 1}`} is refused: ${why.code}, ${why.message}`,
  );
  const known = Object.entries(then).map(([reason, count]) => `${reason} ${count}`);
  return [
    `${items.length} simulated`,
    ...(lines.length === 0 ? ['Nothing would change.'] : lines),
    ...(known.length === 0 ? [] : [`When they came: ${known.join(', ')}`]),
    ...refused,
    ...(isCut ? ['The last were left out: all together would go to too many people.'] : []),
  ].join('\n');
}
