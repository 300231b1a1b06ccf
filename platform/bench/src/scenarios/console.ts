// Three people look at the connections of an app with ten thousand of them, which come and go: what it costs them, in
// Chromium, and the server. And how long a changed page policy takes to reach an open tab.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright';
import { setUp, type Person } from '../../../../console/e2e/support/console-server.ts';
import { ensureBrowserBuild } from '../../../../scripts/browser-build.ts';
import { launchChromium } from '../../../../scripts/launch-chromium.ts';
import type { Bench } from '../bench.ts';
import { ConsoleTab, type Looked } from '../browser/console-tab.ts';
import { timesUntilTaken } from '../browser/policy-taken.ts';
import type { RunningServer } from '../contenders/contender.ts';
import type { Generator } from '../load/generator.ts';
import { loopDelayMsOf, scrape } from '../measure/metrics.ts';
import { cpuMicrosOf } from '../measure/process-usage.ts';
import { median } from '../measure/statistics.ts';
import type { Figure, Reach, Scenario } from '../scenario.ts';
import { appKey, otherPage, tokenOf } from '../setting.ts';

/** Each is one that goes and one that comes. */
const returnsPerSecond = 100;
const people = 3;
const eventsPerSecond = 2000;
const atOnce = 200;
const rowPx = 36;
const scrolledRows = 2000;
/** The one that is looked for, by name and as the one with the shortest round trip. */
const stays = 123;
const rttMsOf = (index: number): number => (index === stays ? 1 : 20 + (index % 400));
/** One in so many is on the other page, and stays. */
const oneElsewhere = 100;
const elsewhereOf = (count: number): number[] =>
  Array.from({ length: Math.floor(count / oneElsewhere) }, (_, index) => (index + 1) * oneElsewhere - 1);
/** The heap is looked at for longer than the frames: what grows slowly shows in minutes. */
const stayMs = 240_000;
const nameOf = (index: number): string => `u${String(index).padStart(5, '0')}`;

export const consoleScenario: Scenario = {
  name: 'console',
  about: `10,000 connections, of which ${returnsPerSecond} a second are cut off and come back: ${2 * returnsPerSecond} changes a second. ${people} people have _Connections_ of the console open in Chromium; one of them filters by user and by page, sorts by round trip and scrolls ${scrolledRows} rows, and does so for five minutes. CPU and event loop of the server with them and without them, in turns, while the browser gets what others leave of the processor: who looks has a machine of their own. Then one looks at _Live_ while ${eventsPerSecond} events a second pass. At last, in an open tab of the clinic example, the time from a request that changes the page's policy until the page goes by it.`,
  async run(bench) {
    await ensureBrowserBuild({ say: () => undefined });
    const server = await bench.start('belfry');
    const generator = await openClients(bench, server);
    const browser = await launchChromium();
    bench.keep({ stop: () => browser.close() });
    const url = `http://127.0.0.1:${server.port}`;
    const code = /setup#code=([\w-]+)/.exec(readFileSync(server.logFile, 'utf8'))?.[1];
    const anna = await setUp({ url, server: { setupCode: async () => code } });
    const elsewhere = elsewhereOf(connectionsOf(bench));
    const churnedFromMs = performance.now();
    await generator.ask({ type: 'churn', perSecond: returnsPerSecond, senders: [stays, ...elsewhere] });
    const looked = await lookAtOne(bench, await ConsoleTab.open(browser, anna), { url, elsewhere: elsewhere.length });
    const added = await needOfPeople(bench, { server, url, anna });
    const followed = await lookAtLive(bench, await ConsoleTab.open(browser, anna), { url, generator });
    const { failed, returned } = await generator.ask({ type: 'churn', perSecond: 0, senders: [] });
    const changesPerSecond = (2 * returned * 1000) / (performance.now() - churnedFromMs);
    if (failed > 0) throw new Error(`${failed} clients could not come back`);
    await generator.ask({ type: 'close' });
    const taken = await timesUntilTaken(bench.size(20, 2));
    bench.say(`policy taken after ${median(taken).toFixed(0)} ms, at most ${Math.max(...taken).toFixed(0)} ms`);
    const result = { ...looked, changesPerSecond, added, followed, taken };
    return { figures: figuresOf(result), reaches: reachesOf(result) };
  },
};

interface One {
  firstRowsMs: number;
  filterMs: number;
  filterByPageMs: number;
  sortMs: number;
  heapGrowthBytes: number;
  looked: Looked;
  lookedMs: number;
}

interface Result extends One {
  changesPerSecond: number;
  added: Added;
  followed: Followed;
  taken: number[];
}

const longShareOf = ({ looked }: One): number => (looked.longFrames * 100) / Math.max(1, looked.frames);
const heapMiBOf = ({ heapGrowthBytes }: One): number => heapGrowthBytes / 1024 / 1024;
const kilobytesOf = ({ looked, lookedMs }: One): number => looked.receivedBytes / 1024 / (lookedMs / 1000);

function figuresOf(result: Result): Figure[] {
  const { firstRowsMs, filterMs, filterByPageMs, sortMs, looked, changesPerSecond, added, followed, taken } = result;
  const of = 'console';
  return [
    { of, what: 'frames while somebody looks', unit: '', values: [looked.frames] },
    { of, what: 'frames over 50 ms', unit: '%', values: [longShareOf(result)] },
    { of, what: 'the longest frame', unit: 'ms', values: [looked.longestFrameMs] },
    { of, what: 'connections that came or went', unit: '/s', values: [changesPerSecond] },
    { of, what: 'until the first rows are there', unit: 'ms', values: [firstRowsMs] },
    { of, what: 'until a filter has answered', unit: 'ms', values: [filterMs] },
    { of, what: 'until a filter by page has answered', unit: 'ms', values: [filterByPageMs] },
    { of, what: 'until the order by round trip is there', unit: 'ms', values: [sortMs] },
    { of, what: 'nodes of the document, at most', unit: '', values: [looked.nodes] },
    { of, what: 'growth of the heap in five minutes', unit: 'MiB', values: [heapMiBOf(result)] },
    { of, what: 'received by a tab', unit: 'KB/s', values: [kilobytesOf(result)] },
    { of, what: 'CPU of a tab that is scrolled', unit: '% of a core', values: [looked.cpuPercent] },
    { of, what: `CPU of the server for ${people} people`, unit: '% of a core', values: added.cpuPercent },
    { of, what: `event loop, p99, more for ${people} people`, unit: 'ms', values: added.loopMs },
    { of, what: 'events that passed Live', unit: '/s', values: [followed.seenPerSecond] },
    { of, what: 'of which were shown', unit: '/s', values: [followed.shownPerSecond] },
    { of, what: 'CPU of the tab of Live', unit: '% of a core', values: [followed.cpuPercent] },
    { of, what: 'until a tab has taken a policy', unit: 'ms', values: taken },
  ];
}

function reachesOf(result: Result): Reach[] {
  const { firstRowsMs, filterMs, filterByPageMs, looked, changesPerSecond, added, followed, taken } = result;
  return [
    // Timers of the load run late rather than early.
    {
      what: 'connections that came or went',
      value: changesPerSecond,
      bound: { least: 0.9 * 2 * returnsPerSecond },
      unit: '/s',
    },
    { what: 'frames over 50 ms', value: longShareOf(result), bound: { most: 1 }, unit: '%' },
    { what: 'CPU of a tab that is scrolled', value: looked.cpuPercent, bound: { most: 30 }, unit: '% of a core' },
    {
      what: `CPU of the server for ${people} people`,
      value: median(added.cpuPercent),
      bound: { most: 3 },
      unit: '% of a core',
    },
    {
      what: `event loop, p99, more for ${people} people`,
      value: median(added.loopMs),
      bound: { most: 2 },
      unit: 'ms',
    },
    {
      what: 'events that passed Live',
      value: followed.seenPerSecond,
      bound: { least: 0.9 * eventsPerSecond },
      unit: '/s',
    },
    { what: 'CPU of the tab of Live', value: followed.cpuPercent, bound: { most: 30 }, unit: '% of a core' },
    { what: 'until the first rows are there', value: firstRowsMs, bound: { most: 1000 }, unit: 'ms' },
    { what: 'until a filter has answered', value: filterMs, bound: { most: 300 }, unit: 'ms' },
    { what: 'until a filter by page has answered', value: filterByPageMs, bound: { most: 300 }, unit: 'ms' },
    { what: 'nodes of the document', value: looked.nodes, bound: { most: 3000 }, unit: '' },
    { what: 'growth of the heap in five minutes', value: heapMiBOf(result), bound: { most: 20 }, unit: 'MiB' },
    { what: 'received by a tab', value: kilobytesOf(result), bound: { most: 20 }, unit: 'KB/s' },
    {
      what: 'until a tab has taken a policy, the slowest',
      value: Math.max(...taken),
      bound: { most: 1000 },
      unit: 'ms',
    },
  ];
}

const connectionsOf = (bench: Bench): number => bench.options.connections ?? bench.size(10_000, 300);

async function openClients(bench: Bench, { port }: RunningServer): Promise<Generator> {
  const count = connectionsOf(bench);
  const generator = bench.generator();
  const elsewhere = new Set(elsewhereOf(count));
  const clients = Array.from({ length: count }, (_, index) => {
    const userId = nameOf(index);
    const where = elsewhere.has(index) ? { page: otherPage } : {};
    return { userId, rooms: [], token: tokenOf(userId), rttMs: rttMsOf(index), ...where };
  });
  const opened = await generator.ask({ type: 'open', contender: 'belfry', port, atOnce, sampleEvery: 0, clients });
  if (opened.failed > 0) throw new Error(`${opened.failed} were not let in: ${opened.problem ?? ''}`);
  bench.say(`${count} connections`);
  return generator;
}

const rowOf = (page: Page, text: string) => page.locator('[data-row]', { hasText: text });

interface Place {
  url: string;
  /** Connections on the other page. */
  elsewhere: number;
}

async function lookAtOne(bench: Bench, tab: ConsoleTab, { url, elsewhere }: Place): Promise<One> {
  const { page } = tab;
  const list = `${url}/console/a/${appKey}/connections`;
  // The page is in the browser's cache, as it is for whoever works with it.
  await page.goto(`${url}/console/a/${appKey}/overview`);
  await page.locator('[data-tile]').first().waitFor();
  await page.locator('[data-live="live"]').waitFor();
  const firstRowsMs = await timed(async () => {
    await page.goto(list);
    await page.locator('[data-row]').first().waitFor();
  });
  await page.locator('[data-live="live"]').waitFor();
  const filterMs = await filterBy(page, `user:${nameOf(stays)}`, { count: 1, row: nameOf(stays) });
  await page.goto(list);
  await page.locator('[data-row]').nth(5).waitFor();
  const ofPage = { count: elsewhere, row: otherPage };
  const filterByPageMs = await filterBy(page, `page:${otherPage}`, ofPage);
  await page.goto(list);
  await page.locator('[data-row]').nth(5).waitFor();
  const heapBytes = await tab.heapBytes();
  const sortMs = await timed(async () => {
    await page.getByRole('button', { name: 'Round trip', exact: true }).click();
    await rowOf(page, nameOf(stays)).waitFor();
  });
  const lookMs = bench.size(60_000, 3000);
  let lookedMs = 0;
  const looked = await tab.look(async () => {
    lookedMs = await timed(async () => {
      await scroll(page, lookMs / 3);
      await sleep(lookMs / 3);
      await page.goBack();
      await sleep(lookMs / 3);
    });
  });
  const stayUntilMs = performance.now() + bench.size(stayMs, 3000);
  while (performance.now() < stayUntilMs) {
    await scroll(page, bench.size(20_000, 1000));
    await filterBy(page, `page:${otherPage}`, ofPage);
    await page.goBack();
    await page.locator('[data-row]').nth(5).waitFor();
  }
  const heapGrowthBytes = Math.max(0, (await tab.heapBytes()) - heapBytes);
  bench.say(`${looked.longFrames} of ${looked.frames} frames over 50 ms; first rows ${firstRowsMs.toFixed(0)} ms`);
  await tab.close();
  return { firstRowsMs, filterMs, filterByPageMs, sortMs, heapGrowthBytes, looked, lookedMs };
}

/** Types a filter; resolves with how long it was, in ms, from Enter to its rows and their number. */
async function filterBy(page: Page, text: string, { count, row }: { count: number; row: string }): Promise<number> {
  const search = page.getByRole('combobox', { name: 'Filter' });
  await search.fill(text);
  return await timed(async () => {
    await search.press('Enter');
    await page.getByText(new RegExp(`^${count} connections?\\b`)).waitFor();
    await rowOf(page, row).first().waitFor();
  });
}

/** Through the rows, in steps as of a wheel. */
async function scroll(page: Page, ms: number): Promise<void> {
  await page.getByRole('region', { name: 'Connections' }).hover();
  const stepMs = 50;
  const steps = Math.max(1, Math.floor(ms / stepMs));
  for (let step = 0; step < steps; step += 1) {
    await page.mouse.wheel(0, (scrolledRows * rowPx) / steps);
    await sleep(stepMs);
  }
}

interface Followed {
  seenPerSecond: number;
  shownPerSecond: number;
  cpuPercent: number;
}

/** Every heartbeat is an event. */
async function lookAtLive(
  bench: Bench,
  tab: ConsoleTab,
  { url, generator }: { url: string; generator: Generator },
): Promise<Followed> {
  const { page } = tab;
  await page.goto(`${url}/console/a/${appKey}/live`);
  await page.locator('[data-live="live"]').waitFor();
  await generator.ask({ type: 'heartbeats', everyMs: (connectionsOf(bench) * 1000) / eventsPerSecond });
  const rate = page.locator('[data-rate]', { hasText: 'by chance' });
  await rate.waitFor();
  // The rate is of the last seconds.
  await sleep(bench.size(5000, 4000));
  const { cpuPercent } = await tab.look(async () => sleep(bench.size(30_000, 2000)));
  const [shownPerSecond = NaN, seenPerSecond = NaN] = [...(await rate.innerText()).matchAll(/[\d,]+/g)].map(([text]) =>
    Number(text.replaceAll(',', '')),
  );
  await generator.ask({ type: 'heartbeats', everyMs: 0 });
  await tab.close();
  bench.say(`Live: ${shownPerSecond} of ${seenPerSecond} a second, ${cpuPercent.toFixed(1)} % of a core in the tab`);
  return { seenPerSecond, shownPerSecond, cpuPercent };
}

interface Added {
  cpuPercent: number[];
  loopMs: number[];
}

/** What the server needs more with people who look than without, once a round. */
async function needOfPeople(
  bench: Bench,
  { server, url, anna }: { server: RunningServer; url: string; anna: Person },
): Promise<Added> {
  // Of their own, since it is to give way.
  const browser = await launchChromium();
  bench.keep({ stop: () => browser.close() });
  const seconds = bench.size(20, 1);
  const added: Added = { cpuPercent: [], loopMs: [] };
  for (let round = 0; round < bench.options.rounds; round += 1) {
    const without = await needOver(server, seconds);
    const tabs: ConsoleTab[] = [];
    for (let each = 0; each < people; each += 1) {
      const tab = await ConsoleTab.open(browser, anna);
      tabs.push(tab);
      await tab.page.goto(`${url}/console/a/${appKey}/connections`);
      await tab.page.locator('[data-row]').first().waitFor();
      await tab.page.locator('[data-live="live"]').waitFor();
      await tab.giveWay();
    }
    // Until what they loaded is behind.
    await sleep(bench.size(3000, 200));
    const withPeople = await needOver(server, seconds);
    for (const tab of tabs) await tab.close();
    await sleep(bench.size(3000, 200));
    added.cpuPercent.push(withPeople.cpuPercent - without.cpuPercent);
    added.loopMs.push(withPeople.loopMs - without.loopMs);
    bench.say(`round ${round + 1}: ${saidNeed(without)} without, ${saidNeed(withPeople)} with ${people} people`);
  }
  await browser.close();
  return added;
}

interface Need {
  cpuPercent: number;
  /** 99th percentile of how late the event loop was. */
  loopMs: number;
}

async function needOver(server: RunningServer, seconds: number): Promise<Need> {
  // The figures of the loop are of the time since they were last read.
  await scrape(server);
  const before = cpuMicrosOf(server.pid);
  const startedMs = performance.now();
  await sleep(seconds * 1000);
  const cpuPercent = ((cpuMicrosOf(server.pid) - before) / ((performance.now() - startedMs) * 1000)) * 100;
  return { cpuPercent, loopMs: loopDelayMsOf(await scrape(server)) };
}

const saidNeed = ({ cpuPercent, loopMs }: Need): string => `${cpuPercent.toFixed(1)} % and ${loopMs.toFixed(1)} ms`;

async function timed(run: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}
