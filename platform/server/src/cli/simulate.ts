// `belfry simulate FILE`: asks a running server what the requests of a file, or its newest messages, would do under
// other settings, and prints the difference. Deciding it is the server's.
import { parse } from 'yaml';
import { z } from 'zod';
import { exitCodes } from './exit-codes.ts';
import { askServer, ownUrl, readWith } from './running-server.ts';
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
  pushes: z.array(z.object({ provider: z.string(), reason: z.string(), now: z.number(), changed: z.number() })),
  isCut: z.boolean(),
});

export async function simulate(file: string, options: SimulateOptions, surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings;
  const url = options.url ?? urlOf(surroundings);
  if (url === undefined) return exitCodes.configuration;
  const [asked, key] = [
    await readWith(file, (text) => parse(text) as unknown),
    await readWith(options.keyFile, trimmed),
  ];
  for (const each of [asked, key]) if ('problem' in each) err(each.problem);
  if ('problem' in asked || 'problem' in key) return exitCodes.configuration;
  const question = {
    url,
    key: key.value,
    method: 'POST',
    path: '/api/v1/simulate',
    body: asked.value,
    limitMs,
  } as const;
  const reply = await askServer(question);
  if (!reply.ok) {
    err(reply.problem);
    return exitCodes.refused;
  }
  const simulation = answerSchema.safeParse(reply.body);
  if (!simulation.success) {
    err(`${url} does not answer as Belfry does: another program has the port`);
    return exitCodes.refused;
  }
  out(options.json === true ? JSON.stringify(reply.body, null, 2) : sayDifferences(simulation.data));
  return exitCodes.done;
}

function urlOf(surroundings: Surroundings): string | undefined {
  const config = readConfig(surroundings);
  return config === undefined ? undefined : ownUrl(config);
}

function trimmed(text: string): string {
  return text.trim();
}

type Simulation = z.infer<typeof answerSchema>;

interface Difference {
  what: string;
  now: number;
  changed: number;
}

function linesOf(differences: readonly Difference[]): string[] {
  const widest = Math.max(0, ...differences.map(({ what }) => what.length));
  return differences.map(({ what, now, changed }) => {
    const by = changed - now;
    return `${what.padEnd(widest)}  ${now} -> ${changed}  (${by > 0 ? '+' : ''}${by})`;
  });
}

/** One line for each reason that would change, each provider whose pushes would, and each that is refused. */
function sayDifferences({ items, differences, pushes, then, isCut }: Simulation): string {
  const lines = linesOf(differences.map(({ reason, now, changed }) => ({ what: reason, now, changed })));
  const places = linesOf(
    pushes
      .filter(({ now, changed }) => now !== changed)
      .map(({ provider, reason, now, changed }) => ({ what: `${provider} ${reason}`, now, changed })),
  );
  const refused = items.flatMap(({ refused: why, messageId }, at) =>
    why === undefined ? [] : `${messageId ?? `request ${at + 1}`} is refused: ${why.code}, ${why.message}`,
  );
  const known = Object.entries(then).map(([reason, count]) => `${reason} ${count}`);
  return [
    `${items.length} simulated`,
    ...(lines.length === 0 && places.length === 0 ? ['Nothing would change.'] : lines),
    ...(places.length === 0 ? [] : ['Pushes by provider:', ...places]),
    ...(known.length === 0 ? [] : [`When they came: ${known.join(', ')}`]),
    ...refused,
    ...(isCut ? ['The last were left out: all together would go to too many people.'] : []),
  ].join('\n');
}
