// Writes a record of a provision file against others who write the same: another node that starts, or
// somebody in the console. The record is the caller's.

/**
 * Somebody in the console may save the same at the same moment; more often than this it is no coincidence.
 */
const maxTries = 5;

/** `write` reads what is there, and answers false when another was faster: then it is asked again. */
export async function writeOnce(what: string, write: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) if (await write()) return;
  throw new Error(`${what} was changed by others ${maxTries} times in a row`);
}
