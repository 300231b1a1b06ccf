// Hands the API key of a first start to the person who made the installation: in a file only they can read,
// never in a log.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FirstKeyFile {
  app: string;
  keyFile: string;
}

/** The file to delete once the key is where it belongs. */
export async function keepFirstKey(
  dataDir: string,
  { app, apiKey }: { app: string; apiKey: string },
): Promise<FirstKeyFile> {
  const keyFile = join(dataDir, `${app}-api-key`);
  await writeFile(keyFile, `${apiKey}\n`, { mode: 0o600 });
  return { app, keyFile };
}
