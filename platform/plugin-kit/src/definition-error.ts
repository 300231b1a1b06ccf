// The error of a definition that is wrong, thrown while the plugin is imported. Not for failures at work.

/** Lists everything that is wrong with a definition at once, each line `path: reason`. */
export class PluginDefinitionError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`This is no plugin yet:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'PluginDefinitionError';
    this.problems = [...problems];
  }
}
