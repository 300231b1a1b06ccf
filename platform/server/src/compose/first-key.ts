// Hands the API key of a first start to the person who made the installation: in a file only they can read,
// never in a log.

import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FirstKeyFile {
  app: string;
  keyFile: string;
  /** Whether this start made it; otherwise an earlier one did, and nobody has taken it away yet. */
  isNew: boolean;
}

/** The file to delete once the key is where it belongs. */
export async function keepFirstKey(
  dataDir: string,
  { app, apiKey }: { app: string; apiKey: string },
): Promise<FirstKeyFile> {
  const keyFile = fileOf(dataDir, app);
  await writeFile(keyFile, `${apiKey}\n`, { mode: 0o600 });
  return { app, keyFile, isNew: true };
}

/** The file of an earlier start; undefined when it was taken away, as it is to be. */
export async function findFirstKey(dataDir: string, app: string): Promise<FirstKeyFile | undefined> {
  const keyFile = fileOf(dataDir, app);
  return access(keyFile).then(
    () => ({ app, keyFile, isNew: false }),
    () => undefined,
  );
}

function fileOf(dataDir: string, app: string): string {
  return join(dataDir, `${app}-api-key`);
}
