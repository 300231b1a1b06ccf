// The secret that everything at rest is sealed with: found, or made once, and proven to be the one the data
// knows. Sealing is vault.ts.
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallationStore } from '../ports/stores/tenancy.ts';
import { createVault, VaultError, type Vault } from './vault.ts';

export type InstallationSecret =
  | { ok: true; secret: string; vault: Vault; generated: boolean; warnings: { variable: string; reason: string }[] }
  | { ok: false; problem: { variable: string; reason: string } };

/** Name of the file in DATA_DIR. Without it the secrets of a backup of the data file can't be opened. */
export const secretFileName = 'secret';

const variable = 'BELFRY_SECRET';
const canaryName = 'secret_canary';
const canaryContext = 'installation:canary';

/**
 * BELFRY_SECRET, or on the embedded engine the one in DATA_DIR, made at the first start. Seals a canary into
 * the store at the first start and opens it at every later one, so that another secret is noticed before
 * anything is sealed with it.
 * @throws what the file system throws for reasons other than the file not being there
 */
export async function loadInstallationSecret(options: {
  config: { secret?: string; cluster?: object };
  dataDir: string;
  installation: Pick<InstallationStore, 'get' | 'setOnce'>;
}): Promise<InstallationSecret> {
  const { config, dataDir, installation } = options;
  const found = await givenSecret({ ...config, dataDir });
  const canary = await installation.get(canaryName);
  if (found === undefined && canary !== undefined) {
    const where =
      config.cluster === undefined ? `is not set, and ${join(dataDir, secretFileName)} is not there` : 'is not set';
    return { ok: false, problem: { variable, reason: `${where}, but the data was sealed with one; bring it back` } };
  }
  if (found === undefined && config.cluster !== undefined) {
    return { ok: false, problem: { variable, reason: 'is needed in a cluster: all nodes must have the same one' } };
  }
  const secret = found ?? (await makeSecretFile(dataDir));
  const vault = createVault(secret);
  // Another node may have set it meanwhile: the one in the store counts.
  const sealed = canary ?? (await installation.setOnce(canaryName, vault.seal(canaryName, canaryContext)));
  if (!opens(vault, sealed)) {
    const source = config.secret === undefined ? `in ${join(dataDir, secretFileName)} ` : '';
    return { ok: false, problem: { variable, reason: `${source}is not the one that the data was sealed with` } };
  }
  const warnings = config.secret === undefined ? await modeWarnings(dataDir) : [];
  return { ok: true, secret, vault, generated: found === undefined, warnings };
}

/** The one there is, where an installation of this configuration looks for it; makes none. */
export async function givenSecret(config: {
  secret?: string;
  cluster?: object;
  dataDir: string;
}): Promise<string | undefined> {
  return config.secret ?? (config.cluster === undefined ? await readSecretFile(config.dataDir) : undefined);
}

/**
 * The secret in DATA_DIR; undefined when there is none. For programs beside the server that may read but not
 * make one.
 */
export async function readSecretFile(dataDir: string): Promise<string | undefined> {
  try {
    const text = (await readFile(join(dataDir, secretFileName), 'utf8')).trim();
    return text === '' ? undefined : text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whether it is the secret that the data was sealed with; undefined when nothing was sealed yet. Changes
 * nothing.
 */
export async function isRightSecret(
  secret: string,
  installation: Pick<InstallationStore, 'get'>,
): Promise<boolean | undefined> {
  const canary = await installation.get(canaryName);
  return canary === undefined ? undefined : opens(createVault(secret), canary);
}

/**
 * Written whole under another name, flushed, then linked: a crash leaves no half secret, and of two starts at
 * once one wins.
 */
async function makeSecretFile(dataDir: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const path = join(dataDir, secretFileName);
  const draft = `${path}.${randomUUID()}.new`;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
    return secret;
  } catch (error) {
    const other = await readSecretFile(dataDir);
    if (other === undefined) throw error;
    return other;
  } finally {
    await unlink(draft);
  }
}

function opens(vault: Vault, sealed: string): boolean {
  try {
    return vault.open(sealed, canaryContext) === canaryName;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}

async function modeWarnings(dataDir: string): Promise<{ variable: string; reason: string }[]> {
  const path = join(dataDir, secretFileName);
  const { mode } = await stat(path);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return [];
  return [{ variable: 'DATA_DIR', reason: `others may read ${path}; give it the mode 0600` }];
}
