// The only reader of the process's environment. The variables are described in schema.ts.
import { loadConfig, type LoadedConfig } from './load.ts';

/** npx says so; beside a command of package.json it says something else. */
export function isStartedByNpx(): boolean {
  return process.env['npm_command'] === 'exec';
}

/**
 * The configuration of this process. `overrides` come from the command line; they win over the environment.
 */
export function loadProcessConfig(overrides: Readonly<Record<string, string>> = {}): LoadedConfig {
  return loadConfig({
    env: { ...process.env, ...overrides },
    cwd: process.cwd(),
    isTerminal: process.stdout.isTTY,
  });
}
