// Finds an app for the terminal, with what opens its secrets: in the provision file, or else in the data of
// the installation. What is done with it is the commands'.
import { consoleApp } from '../ports/app-id.ts';
import { readAllPages } from '../ports/stores/page.ts';
import type { Config } from '../config/config.ts';
import { givenSecret, isRightSecret } from '../tenancy/installation-secret.ts';
import type { SigningApp } from '../tenancy/tokens/sign-once.ts';
import { readPlan } from './read-plan.ts';
import type { Surroundings } from './surroundings.ts';

export type Found = SigningApp | { problem: string };

/**
 * `needsSecret`: to sign, what a file says of an app without a secret is of no use, and the data may know
 * more.
 */
export async function findApp(
  config: Config,
  { key, needsSecret }: { key: string; needsSecret: boolean },
  parts: Surroundings['parts'],
): Promise<Found> {
  const declared = await fromProvisionFile(config, key);
  const isEnough = declared !== undefined && ('problem' in declared || !needsSecret || hasSecret(declared));
  return isEnough ? declared : await fromData(config, key, parts);
}

function hasSecret(app: SigningApp): boolean {
  return 'signingSecret' in app && app.signingSecret !== undefined;
}

/** Undefined when there is no such file, or it says nothing of the app: then the data knows. */
async function fromProvisionFile({ provisionFile }: Config, key: string): Promise<Found | undefined> {
  if (provisionFile === undefined) return undefined;
  const parsed = await readPlan(provisionFile);
  if (!parsed.ok) {
    return { problem: `${provisionFile} has problems; \`belfry provision --check ${provisionFile}\` lists them` };
  }
  const app = parsed.plan.tenants.flatMap(({ apps }) => apps).find((planned) => planned.key === key);
  return app === undefined ? undefined : { key, signingSecret: app.signingSecret, jwksUrl: app.jwksUrl };
}

async function fromData(config: Config, key: string, parts: Surroundings['parts']): Promise<Found> {
  const place = placeOfData(config);
  const data = await parts.openData(config).catch((error: unknown) => ({ problem: messageOf(error) }));
  if (data === undefined) {
    return {
      problem: `There is no data in ${place} yet: start the server once, or set ${config.cluster === undefined ? 'DATA_DIR' : 'MONGODB_URL'} or PROVISION_FILE`,
    };
  }
  if ('problem' in data) return data;
  try {
    const record = await data.tenancy.app(key);
    if (record === undefined) {
      const all = await readAllPages((page) => data.tenancy.apps(page));
      const apps = all
        .map(({ app }) => app)
        .filter((app) => app !== consoleApp)
        .join(', ');
      return { problem: `There is no app ${key} in ${place}; there is: ${apps === '' ? 'none' : apps}` };
    }
    const secret = await givenSecret(config);
    if (secret === undefined) {
      const noFile = config.cluster === undefined ? ` and ${config.dataDir} has no file secret` : '';
      return { problem: `BELFRY_SECRET is not set${noFile}: the app's secret can't be opened` };
    }
    if ((await isRightSecret(secret, data.installation)) === false) {
      return { problem: 'BELFRY_SECRET is not the one that the data was sealed with' };
    }
    return { record, installationSecret: secret };
  } finally {
    await data.close();
  }
}

/** For people. The address of a cluster may hold a password. */
function placeOfData({ cluster, dataDir }: Config): string {
  return cluster === undefined ? dataDir : 'the database that MONGODB_URL names';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
