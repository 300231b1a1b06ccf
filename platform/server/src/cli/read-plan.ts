// Reads a provision file from disk. Its content is validated by tenancy.
import { readFile } from 'node:fs/promises';
import { parseProvisioning, type ParsedProvisioning } from '../tenancy/provisioning/parse.ts';

/** Never rejects: a file that can't be read has a problem like any other. */
export async function readPlan(file: string): Promise<ParsedProvisioning> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [{ path: '(file)', reason: `can't be read: ${reason}` }] };
  }
  return parseProvisioning(text, file);
}
