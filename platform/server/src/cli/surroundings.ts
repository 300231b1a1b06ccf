// The surroundings of every command: the rest of the server, and where to write. Not the configuration:
// commands read that themselves.
import type { ConfigProblem, Config } from '../config/config.ts';
import { loadProcessConfig } from '../config/environment.ts';
import { problemList } from '../telemetry/config-problems.ts';
import type { Parts } from '../compose/parts.ts';

export interface Surroundings {
  parts: Parts;
  /** A text to standard output, without its line end. */
  out: (text: string) => void;
  /** The same to standard error. */
  err: (text: string) => void;
  /** Standard error, where a person sees it as it is written. */
  terminal?: { write: (text: string) => void; columns: number } | undefined;
}

/** The configuration, or undefined after all its problems were reported. */
export function readConfig(
  { err }: Surroundings,
  overrides: Readonly<Record<string, string>> = {},
): Config | undefined {
  const loaded = loadProcessConfig(overrides);
  if (loaded.ok) return loaded.config;
  err(configProblemList(loaded.problems));
  return undefined;
}

export function configProblemList(problems: readonly ConfigProblem[]): string {
  return problemList('The configuration has problems:', problems);
}
