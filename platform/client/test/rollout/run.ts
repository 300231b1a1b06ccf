// `npm run proof:rollout [-- --clients 1000 --rounds 3 --kills 10 --rate 10]`: a site under load, all of its nodes
// replaced one after the other, nodes killed, Redis restarted and flushed; then what it cost, as a part of
// docs/reliability-report.md.

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { openRedis } from '../../../server/test/support/open-redis.ts';
import { startPushReceiver } from '../../../server/test/support/push-receiver.ts';
import { Random, seedOf } from '../../../server/test/faults/random.ts';
import { pageOf } from '../../../server/test/faults/report.ts';
import { repository } from '../../../server/test/support/compose-file.ts';
import { Crowd, until } from './crowd.ts';
import { rolloutPart } from './page.ts';
import { Site } from './site.ts';
import { isAsPromised, missingOf, tally } from './tally.ts';

const report = join(repository, 'docs/reliability-report.md');
const options = { clients: '1000', rounds: '3', kills: '10', rate: '10' };
const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, { type: 'string', default: value }]),
  ),
});
const [clients, rounds, kills, rate] = Object.keys(options).map((name) => Number(values[name]));
const settleMs = 300_000;
/** As the chart: a new gateway serves so long before the next one goes. */
const { settleSeconds } = (
  parse(readFileSync(join(repository, 'helm/belfry/values.yaml'), 'utf8')) as { rollout: { settleSeconds: number } }
).rollout;

process.exit((await run()) ? 0 : 1);

async function run(): Promise<boolean> {
  const seed = seedOf(process.env);
  const random = new Random(seed);
  const phones = await startPushReceiver();
  const site = await Site.start({ gateways: 3, workers: 2, pushUrl: phones.url });
  const crowd = new Crowd();
  const steps: string[] = [];
  const startedAt = Date.now();
  const loads = [loadavg()[0] ?? 0];
  const say = (what: string): void => {
    steps.push(what);
    loads.push(loadavg()[0] ?? 0);
    console.log(
      `${Math.round((Date.now() - startedAt) / 1000)} s: ${what}; ${crowd.connected} of ${crowd.size} connected`,
    );
  };
  try {
    await crowd.gather({ count: clients ?? 0, url: site.url, api: site.api });
    say(`${crowd.size} clients are there (SEED=${seed})`);
    await crowd.greet();
    crowd.speak(rate ?? 0);
    for (let round = 1; round <= (rounds ?? 0); round += 1) {
      for (const node of site.nodes) {
        const code = await node.stop();
        if (code !== 0) throw new Error(`${node.name} ended with ${String(code)}:\n${node.lastWords}`);
        await node.start();
        say(`round ${round}: ${node.name} replaced`);
        if (node.isGateway) await pause(settleSeconds * 1000);
      }
      await crowd.whole();
    }
    for (let kill = 1; kill <= (kills ?? 0); kill += 1) {
      const [first, ...others] = site.nodes;
      if (first === undefined) break;
      const node = random.pick([first, ...others]);
      await node.kill();
      await pause(random.between(0, 3000));
      await node.start();
      say(`kill ${kill}: ${node.name}`);
      await crowd.whole();
    }
    await site.redis.restart();
    say('Redis was restarted');
    await crowd.whole();
    await flush(site.redis.url);
    say('Redis was flushed');
    await crowd.fallSilent(settleMs);
    const counted = () => tally(crowd.record(), phones.pushes);
    await until(() => counted().lost === 0 && counted().pushesMade === counted().pushesOwed, {
      mostMs: settleMs,
      what: () => 'not all has come',
    }).catch((error: unknown) => console.log(String(error)));
    const result = counted();
    for (const line of missingOf(crowd.record())) console.log(line);
    console.log(result, await site.refusedUpgrades());
    const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
    const load = { least: Math.min(...loads), most: Math.max(...loads) };
    const tookMs = Date.now() - startedAt;
    const part = rolloutPart({
      seed,
      tally: result,
      machine,
      load,
      tookMs,
      rounds: rounds ?? 0,
      settleSeconds,
      kills: kills ?? 0,
      rate: rate ?? 0,
      clients: crowd.size,
    });
    writeFileSync(report, pageOf(readFileSync(report, 'utf8'), { rollout: part }));
    return isAsPromised(result);
  } finally {
    await crowd.leave();
    await site.stop();
    await phones.close();
  }
}

async function flush(url: string): Promise<void> {
  const redis = await openRedis(url, 'proof');
  await redis.flushall();
  redis.disconnect();
}
