// Plays one scene with a provider on a fake host (set up, one call, close) and reports what is wrong in any
// scene. Which scenes there are: provider-scenarios.ts.
import type { NotificationProvider, ProviderInstance, SendAttempt } from '../notification-provider.ts';
import { checkProviderInstance } from '../check-provider-instance.ts';
import { secretValues } from '../secrets.ts';
import type { Answer, RecordedRequest } from './answer.ts';
import { fakeHost } from './fake-host.ts';
import type { FakeHost, ScriptedConnect } from './fake-host.ts';
import type { Finding, Rule } from './finding.ts';
import { unwatched, watchNetwork } from './network-watch.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';
import { leakedSecrets } from './secret-leaks.ts';

export interface Scene {
  readonly name: string;
  readonly plugin: NotificationProvider;
  readonly options: ProviderTestOptions;
  /** In turn; the last holds for ever. */
  readonly answers: readonly Answer[];
  /** Whether the attempt is aborted: before it begins, or once the provider has asked and waits. */
  readonly abort?: 'before' | 'while waiting';
  readonly receiptUrl?: string | undefined;
  call(instance: ProviderInstance, attempt: SendAttempt): unknown;
}

export interface Played {
  readonly findings: Finding[];
  /** The call's return value; missing where it threw, hung or was not reached. */
  readonly returned?: unknown;
  /** The requests made by the call itself that no standing answer met. */
  readonly requests: readonly RecordedRequest[];
  /** Whether the call asked for anything from outside that the scene answers. */
  readonly asked: boolean;
}

/** Real time for code that should need none. */
const defaultPatienceMs = 1000;

export async function play(scene: Scene): Promise<Played> {
  const { plugin, options, name, receiptUrl } = scene;
  const host = fakeHost({ receiptUrl });
  const attempts: string[] = [];
  const seen: unknown[] = [];
  const run = () => perform(scene, host, seen);
  const played = await watchNetwork(attempts, run);

  const findings = [...played.findings];
  const add = (rule: Rule, problem: string) => void findings.push({ rule, scenario: name, problem });
  for (const attempt of new Set(attempts)) add('network', `connects by ${attempt}, not by ctx.fetch or ctx.connect`);
  const secrets = secretValues(plugin.config, options.config);
  const places = { log: host.log, 'what it returned or threw': seen };
  for (const [place, value] of Object.entries(places)) {
    if (leakedSecrets(value, secrets).length > 0) add('secret', `a secret of the configuration shows in ${place}`);
  }
  return { ...played, findings };
}

async function perform(scene: Scene, host: FakeHost, seen: unknown[]): Promise<Played> {
  const { plugin, options, name } = scene;
  const patienceMs = options.patienceMs ?? defaultPatienceMs;
  const ended = (rule: Rule, problem: string): Played => ({
    findings: [{ rule, scenario: name, problem }],
    requests: [],
    asked: false,
  });

  host.answer((request) => options.standing?.(request) ?? { http: 200, body: {} });
  if (options.connect !== undefined) host.connect(outside(options.connect));
  const setUp = await endOf(() => plugin.setup(host.context(plugin.config.parse(options.config))), patienceMs);
  if (setUp.end === 'hung') return ended('setup', `did not end within ${patienceMs} ms`);
  if (setUp.end === 'threw') {
    seen.push(setUp.thrown);
    return ended('setup', `threw ${sayThrown(setUp.thrown)}`);
  }
  const checked = checkProviderInstance(setUp.value, plugin);
  if (!checked.ok) return ended('setup', checked.problems.join('; '));

  const stop = new AbortController();
  const requests = script(scene, host, stop);
  const connectedBefore = host.connections.length;
  if (options.connect !== undefined) host.connect(scriptConnect(scene, stop));
  if (scene.abort === 'before') stop.abort(new DOMException('The host stops', 'AbortError'));
  const called = await endOf(() => scene.call(checked.instance, { signal: stop.signal, attempt: 1 }), patienceMs);
  stop.abort(new DOMException('The test is over', 'AbortError'));
  host.stop();
  const closed = await endOf(() => checked.instance.close?.(), patienceMs);
  if (closed.end === 'threw') seen.push(closed.thrown);

  if (called.end === 'hung') {
    const problem = scene.abort === undefined ? 'did not end' : 'went on after its signal was aborted';
    return { ...ended('hang', `${problem} (waited ${patienceMs} ms)`), requests };
  }
  if (called.end === 'threw') {
    seen.push(called.thrown);
    return { ...ended('throw', `threw ${sayThrown(called.thrown)}`), requests };
  }
  seen.push(called.value);
  const asked = requests.length > 0 || host.connections.length > connectedBefore;
  return { findings: [], returned: called.value, requests, asked };
}

/**
 * Answers the call's requests; where the scene aborts while waiting, does so as soon as an answer is awaited.
 */
function script({ answers, abort, options }: Scene, host: FakeHost, stop: AbortController): RecordedRequest[] {
  const requests: RecordedRequest[] = [];
  host.answer((request) => {
    const standing = options.standing?.(request);
    if (standing !== undefined) return standing;
    requests.push(request);
    if (abort === 'while waiting') abortSoon(stop);
    return answers[Math.min(requests.length, answers.length) - 1] ?? { http: 200, body: {} };
  });
  return requests;
}

/** Failures of the network come from the answers; any other connection is the test's own. */
function scriptConnect({ answers, abort, options }: Scene, stop: AbortController): ScriptedConnect {
  return (target) => {
    if (abort === 'while waiting') abortSoon(stop);
    const [answer] = answers;
    const failed = answer !== undefined && 'network' in answer && answer.network !== 'cut' ? answer.network : undefined;
    if (failed !== undefined) return { network: failed };
    return options.connect === undefined ? { network: 'refused' } : outside(options.connect)(target);
  };
}

/** The test's own sockets are not the plugin's. */
function outside(connect: ScriptedConnect): ScriptedConnect {
  return (target) => unwatched(() => connect(target));
}

function abortSoon(stop: AbortController): void {
  queueMicrotask(() => stop.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')));
}

type End = { end: 'returned'; value: unknown } | { end: 'threw'; thrown: unknown } | { end: 'hung' };

async function endOf(run: () => unknown, patienceMs: number): Promise<End> {
  const { promise: patience, resolve: giveUp } = Promise.withResolvers<End>();
  const timer = setTimeout(() => giveUp({ end: 'hung' }), patienceMs);
  const work = async (): Promise<End> => {
    try {
      return { end: 'returned', value: await run() };
    } catch (thrown) {
      return { end: 'threw', thrown };
    }
  };
  const ended = await Promise.race([work(), patience]);
  clearTimeout(timer);
  return ended;
}

export function sayThrown(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
