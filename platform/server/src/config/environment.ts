// The only reader of the process's environment. What the variables mean is schema.ts.
import { loadConfig, type LoadedConfig } from './load.ts';

/** The configuration of this process. `overrides` are what the command line said; they win over the environment. */
export function loadProcessConfig(overrides: Readonly<Record<string, string>> = {}): LoadedConfig {
  return loadConfig({
    env: { ...process.env, ...overrides },
    cwd: process.cwd(),
    isTerminal: process.stdout.isTTY,
  });
}
