// `belfry doctor`: runs every check and prints a line for each, with what to do about a failure. The checks
// are in checks/.
import { loadProcessConfig } from '../config/environment.ts';
import { defaultProviderConfig } from '../compose/plugins.ts';
import type { Config } from '../config/config.ts';
import { checkBucket } from './checks/bucket.ts';
import type { Check } from './checks/check.ts';
import { checkClock } from './checks/clock.ts';
import { checkConfiguration } from './checks/configuration.ts';
import { checkData } from './checks/data.ts';
import { checkDataFolder } from './checks/data-folder.ts';
import { checkMongo } from './checks/mongodb.ts';
import { checkNode } from './checks/node.ts';
import { checkPlugins } from './checks/plugins.ts';
import { checkPorts } from './checks/port.ts';
import { checkProviders } from './checks/providers.ts';
import { checkProvisionFile } from './checks/provision-file.ts';
import { checkRedis } from './checks/redis.ts';
import { checkOutgoingWebhooks } from './checks/webhooks.ts';
import { exitCodes } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

/** 0 when nothing is a problem; warnings are none. */
export async function doctor({ parts, out }: Surroundings): Promise<number> {
  let problems = 0;
  const report = (checks: readonly Check[]): void => {
    for (const check of checks) {
      out(lineOf(check));
      if (check.state === 'problem') problems += 1;
    }
  };
  const loaded = loadProcessConfig();
  report(checkNode(process.versions.node));
  report(checkConfiguration(loaded));
  if (loaded.ok) {
    const { config } = loaded;
    report(await checkDataFolder(config.dataDir));
    report(await checkStores(config, parts));
    report(await checkBucket(config, parts));
    report(await checkPorts(config));
    report(await checkClock(config.dataDir, Date.now()));
    const plugins = await parts.loadPlugins({ pluginsDir: config.pluginsDir, outboundAllow: config.outboundAllow });
    report(checkPlugins(plugins.list(), config.notificationProvider));
    report(await checkProvisionFile(config.provisionFile, plugins));
    report(await checkOutgoingWebhooks(config.provisionFile, plugins));
    const { notificationProvider: plugin } = config;
    const ofAll = { plugin, config: defaultProviderConfig(config) };
    report(await checkProviders(config.provisionFile, ofAll, plugins));
    await plugins.stop();
  }
  out(problems === 0 ? 'Nothing stands in the way of a start.' : `${problems} to mend before a start.`);
  return problems === 0 ? exitCodes.done : exitCodes.configuration;
}

async function checkStores(config: Config, parts: Surroundings['parts']): Promise<Check[]> {
  if (config.cluster === undefined) return checkData(config, parts);
  const { isReached, checks } = await checkMongo(config.cluster, parts);
  const data = isReached ? await checkData(config, parts) : [];
  return [...checks, ...data, ...(await checkRedis(config.cluster, parts))];
}

function lineOf({ name, state, detail, advice }: Check): string {
  const line = `${state.padEnd(7)}  ${name.padEnd(15)}  ${detail}`;
  return advice === undefined ? line : `${line} -> ${advice}`;
}
