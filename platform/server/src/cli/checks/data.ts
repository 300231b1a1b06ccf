// Whether the data opens, and with the secret that is configured.
import { join } from 'node:path';
import { isOlderData } from '../../compose/data-failure.ts';
import type { Config } from '../../config/config.ts';
import { consoleApp } from '../../ports/app-id.ts';
import { readAllPages } from '../../ports/stores/page.ts';
import { givenSecret, isRightSecret, readSecretFile, secretFileName } from '../../tenancy/installation-secret.ts';
import type { DataReader, Parts } from '../../compose/parts.ts';
import type { Check } from './check.ts';

export async function checkData(config: Config, { openData }: Pick<Parts, 'openData'>): Promise<Check[]> {
  let data: DataReader | undefined;
  try {
    data = await openData(config);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (isOlderData(error)) {
      return [{ name: 'store', state: 'warning', detail, advice: 'before that make a backup: belfry backup FILE' }];
    }
    const advice =
      config.cluster === undefined
        ? 'restore it from a backup, or run the version that wrote it'
        : 'see that MONGODB_URL is right and its server runs';
    return [{ name: 'store', state: 'problem', detail, advice }];
  }
  if (data === undefined && config.cluster !== undefined) {
    return [{ name: 'store', state: 'ok', detail: 'nothing is stored yet; the first start makes what it needs' }];
  }
  if (data === undefined) {
    if ((await readSecretFile(config.dataDir)) !== undefined) {
      const detail = `the data file is missing, and ${join(config.dataDir, secretFileName)} of an earlier one is there`;
      const advice = 'bring it back with `belfry restore`, or move everything out of the folder to begin anew';
      return [{ name: 'store', state: 'problem', detail, advice }];
    }
    return [{ name: 'store', state: 'ok', detail: 'there is no data file yet; the first start makes it' }];
  }
  try {
    const all = await readAllPages((page) => data.tenancy.apps(page));
    const apps = all.filter(({ app }) => app !== consoleApp);
    const store: Check = {
      name: 'store',
      state: 'ok',
      detail: `opens, at this version's schema; ${apps.length === 1 ? '1 app' : `${apps.length} apps`}`,
    };
    return [store, await checkSecret(config, data)];
  } finally {
    await data.close();
  }
}

async function checkSecret(config: Config, { installation }: DataReader): Promise<Check> {
  const name = 'secret';
  const secret = await givenSecret(config);
  const isFile = config.secret === undefined && config.cluster === undefined;
  const source = isFile ? `${config.dataDir}/${secretFileName}` : 'BELFRY_SECRET';
  if (secret === undefined && !isFile) {
    const advice = 'set the one that all other nodes have';
    return { name, state: 'problem', detail: 'BELFRY_SECRET is not set', advice };
  }
  if (secret === undefined) {
    const advice = 'restore it from the backup that the data came from';
    return { name, state: 'problem', detail: `BELFRY_SECRET is not set, and ${source} is not there`, advice };
  }
  if ((await isRightSecret(secret, installation)) === false) {
    const advice = 'bring back the secret the data was sealed with; without it all secrets in the data are lost';
    return { name, state: 'problem', detail: `${source} is not the one that the data was sealed with`, advice };
  }
  return { name, state: 'ok', detail: `${source} opens what was sealed` };
}
