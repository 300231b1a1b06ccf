// The command line of `npm run bench`: its flags, and the options that they become.
import { parseArgs } from 'node:util';

export interface Options {
  /** Names of scenarios; all when undefined. */
  only: readonly string[] | undefined;
  rounds: number;
  /** Sizes and times that show that it works and measure nothing. */
  quick: boolean;
  /** Where the results go as JSON. */
  json: string | undefined;
  /** The table of docs/performance.md is written anew. */
  write: boolean;
  strict: boolean;
  cpuProf: boolean;
  alloc: boolean;
  /** The scenarios of a cluster instead of those of one server. */
  cluster: boolean;
  /** ms; a soak is run instead of the scenarios. */
  soakMs: number | undefined;
  generators: number;
  /** Of the scenario `console`, instead of its ten thousand. */
  connections: number | undefined;
}

export const help = `npm run bench -- [flags]

  --only a,b      only these scenarios
  --rounds N      rounds of each contender (default 4)
  --quick         tiny sizes: proves that everything runs, measures nothing
  --json FILE     results as JSON (default bench-results/<time>.json)
  --write         puts the table into docs/performance.md
  --strict        exit code 1 when a reach is missed
  --cpu-prof      each server writes a CPU profile
  --alloc         prints allocation per delivery (costs a little CPU)
  --generators N  load generators a contender (default 1)
  --connections N connections of the scenario console (default 10000)
  --cluster       the scenarios of several nodes on Redis and MongoDB, which it starts
  --soak 20m      constant load with churn for so long, instead of the scenarios
`;

/** Throws an Error that names the fault. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
      alloc: { type: 'boolean', default: false },
      generators: { type: 'string', default: '1' },
      cluster: { type: 'boolean', default: false },
      soak: { type: 'string' },
      connections: { type: 'string' },
    },
  });
  return {
    only: values.only?.split(',').map((name) => name.trim()),
    rounds: count('rounds', values.rounds ?? (values.quick ? '1' : '4')),
    quick: values.quick,
    json: values.json,
    write: values.write,
    strict: values.strict,
    cpuProf: values['cpu-prof'],
    alloc: values.alloc,
    cluster: values.cluster,
    soakMs: values.soak === undefined ? undefined : duration(values.soak),
    generators: count('generators', values.generators),
    connections: values.connections === undefined ? undefined : connectionsOf(values.connections),
  };
}

function count(flag: string, text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error(`--${flag} must be a whole number from 1 to 999`);
  return Number(text);
}

function connectionsOf(text: string): number {
  if (!/^[1-9]\d{2,5}$/.test(text)) throw new Error('--connections must be a whole number from 100 to 999999');
  return Number(text);
}

function duration(text: string): number {
  const [, number, unit] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? [];
  if (number === undefined) throw new Error('--soak must be a time such as 90s, 20m or 2h');
  return Number(number) * (unit === 's' ? 1000 : unit === 'm' ? 60_000 : 3_600_000);
}
