// Everything that is tried on a notification provider: the author's table and, always, the nasty cases. How a
// scene is played: provider-play.ts.
import { isDeepStrictEqual } from 'node:util';
import { checkPlugin } from '../check-plugin.ts';
import { checkResultSchema } from '../check-result.ts';
import type { NotificationProvider, ProviderInstance } from '../notification-provider.ts';
import { outcomeSchema } from '../outcome.ts';
import { secretValues } from '../secrets.ts';
import type { Answer } from './answer.ts';
import { batchScenarios } from './batch-scenarios.ts';
import type { Finding, Rule, Scenario } from './finding.ts';
import { formScenario } from './form-scenario.ts';
import { manifestScenario } from './manifest-scenario.ts';
import { nastyAnswers } from './nasty-answers.ts';
import { play, sayThrown } from './provider-play.ts';
import type { Scene } from './provider-play.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';
import { receiptScenarios } from './receipt-scenarios.ts';
import { bareDelivery, oddDelivery, sampleClearing, sampleDelivery } from './sample-delivery.ts';
import { leakedSecrets, unfindableSecrets } from './secret-leaks.ts';
import { tableScenario } from './table-scenario.ts';
import { tokenScenario } from './token-scenario.ts';

/** A value that is no provider gets one scenario, which reports what is wrong with it. */
export function providerScenarios(value: unknown, options: ProviderTestOptions): Scenario[] {
  const checked = checkPlugin(value);
  const problems = checked.ok ? [] : checked.problems;
  if (!checked.ok || checked.plugin.kind !== 'notification-provider') {
    if (checked.ok) problems.push('kind: is not a notification provider');
    return [{ name: 'shape', run: async () => problems.map((problem) => finding('shape', 'shape', problem)) }];
  }
  const plugin = checked.plugin;
  const input = inputScenario(plugin, options);
  const manifest = manifestScenario(plugin, options.packageJson);
  const target = plugin.target.safeParse(options.target);
  // No scene can be played without a valid configuration and a valid target.
  if (!target.success || !plugin.config.safeParse(options.config).success) return [manifest, input];
  const stage: Stage = { plugin, options, target: target.data };
  return [
    manifest,
    input,
    formScenario(plugin),
    publicScenario(plugin, options),
    ...(options.connect === undefined ? scriptedScenarios(stage) : connectionScenarios(stage)),
    ...abortScenarios(stage),
    ...deliveryScenarios(stage),
    ...batchScenarios(stage),
    ...receiptScenarios(stage),
    closeScenario(stage),
  ];
}

export interface Stage {
  readonly plugin: NotificationProvider;
  readonly options: ProviderTestOptions;
  readonly target: unknown;
}

interface Call {
  readonly name: string;
  readonly call: Scene['call'];
  /** The faults of the call's return value. `asked`: a scripted answer was given. */
  readonly validate: (returned: unknown, asked: boolean, notAccepted: boolean) => readonly [Rule, string] | undefined;
}

function inputScenario(plugin: NotificationProvider, options: ProviderTestOptions): Scenario {
  const name = 'configuration and target';
  const run = async (): Promise<Finding[]> => {
    const findings: Finding[] = [];
    const config = plugin.config.safeParse(options.config);
    if (!config.success) findings.push(finding('config', name, `the sample is refused: ${config.error.message}`));
    const misspelt = Object.assign({}, options.config, { noSuchFieldAnywhere: 1 });
    if (config.success && plugin.config.safeParse(misspelt).success) {
      findings.push(finding('config', name, 'an unknown field is not refused: use z.strictObject'));
    }
    const target = plugin.target.safeParse(options.target);
    if (!target.success) findings.push(finding('target', name, `the sample is refused: ${target.error.message}`));
    for (const short of unfindableSecrets(secretValues(plugin.config, options.config))) {
      findings.push(finding('config', name, `the sample secret "${short}" is too short to be looked for`));
    }
    return findings;
  };
  return { name, run };
}

/** The public configuration: every user of an app may read it. */
function publicScenario(plugin: NotificationProvider, options: ProviderTestOptions): Scenario {
  const name = 'public configuration';
  const run = async (): Promise<Finding[]> => {
    let shown: unknown;
    try {
      if (plugin.publicConfig === undefined) return [];
      shown = plugin.publicConfig(plugin.config.parse(options.config));
    } catch (error) {
      return [finding('throw', name, `threw ${sayThrown(error)}`)];
    }
    const leaked = leakedSecrets(shown, secretValues(plugin.config, options.config));
    const findings = leaked.map(() => finding('secret', name, 'publicConfig shows a secret'));
    if (!isDeepStrictEqual(shown, asJson(shown))) {
      findings.push(finding('outcome', name, 'publicConfig must give a plain object that JSON can carry'));
    }
    return findings;
  };
  return { name, run };
}

function asJson(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : undefined;
}

function scriptedScenarios(stage: Stage): Scenario[] {
  const { plugin, options, target } = stage;
  const table = (options.answers ?? []).map((line) => tableScenario(plugin, options, line));
  const nasty = callsOf(stage).flatMap((call) =>
    nastyAnswers.map(({ name, answer, notAccepted }) =>
      callScenario(stage, call, { name: `${call.name}: ${name}`, answers: [answer], notAccepted }),
    ),
  );
  return [...table, ...nasty, tokenScenario(plugin, options, target)];
}

/** A provider that opens connections meets the same failures there. */
function connectionScenarios(stage: Stage): Scenario[] {
  return callsOf(stage).flatMap((call) =>
    (['reset', 'refused'] as const).map((network) =>
      callScenario(stage, call, {
        name: `${call.name}: connection ${network}`,
        answers: [{ network }],
        notAccepted: true,
      }),
    ),
  );
}

interface Trial {
  readonly name: string;
  readonly answers: readonly Answer[];
  readonly abort?: 'before' | 'while waiting';
  readonly notAccepted: boolean;
}

function callScenario(stage: Stage, { call, validate }: Call, { notAccepted, ...trial }: Trial): Scenario {
  const run = async (): Promise<Finding[]> => {
    const played = await play({ ...stage, ...trial, call });
    if (!('returned' in played)) return played.findings;
    const problem = validate(played.returned, played.asked, notAccepted);
    return problem === undefined ? played.findings : [...played.findings, finding(problem[0], trial.name, problem[1])];
  };
  return { name: trial.name, run };
}

function abortScenarios(stage: Stage): Scenario[] {
  const trial = { answers: [{ network: 'silence' }], notAccepted: true } as const;
  return callsOf(stage).flatMap((call) => [
    callScenario(stage, call, { ...trial, name: `${call.name}: time-out while waiting`, abort: 'while waiting' }),
    callScenario(stage, call, { ...trial, name: `${call.name}: aborted before it began`, abort: 'before' }),
  ]);
}

function deliveryScenarios(stage: Stage): Scenario[] {
  const trial = { answers: [{ http: 200, body: {} }], notAccepted: false } as const;
  return [
    callScenario(stage, sendCall(bareDelivery(stage.target)), { ...trial, name: 'a bare delivery' }),
    callScenario(stage, sendCall(oddDelivery(stage.target)), { ...trial, name: 'odd characters' }),
    ...rememberedScenarios(stage),
    ...silentScenarios(stage),
  ];
}

/** An id of the service's own and one that it cannot have made: it may have been another service's. */
function rememberedScenarios(stage: Stage): Scenario[] {
  const { plugin, target } = stage;
  if (plugin.supports.messageIds !== true) return [];
  const trial = { answers: [{ http: 200, body: {} }], notAccepted: false } as const;
  return ['m-1', 'odd \u0000 id/../%zz'].flatMap((providerMessageId) => {
    const send = sendCall(sampleDelivery({ target, previous: { providerMessageId } }));
    const name = `in place of ${JSON.stringify(providerMessageId)}`;
    const clear = { ...send, name: 'clear', call: clearCall(sampleClearing(target, providerMessageId)) };
    return [
      callScenario(stage, send, { ...trial, name: `send: ${name}` }),
      ...(plugin.supports.clear === true ? [callScenario(stage, clear, { ...trial, name: `clear: ${name}` })] : []),
    ];
  });
}

function silentScenarios(stage: Stage): Scenario[] {
  if (stage.plugin.supports.silent !== true) return [];
  const silent = sampleDelivery({ target: stage.target, notification: { title: '', body: '', silent: true } });
  const trial = { answers: [{ http: 200, body: {} }], notAccepted: false } as const;
  return [callScenario(stage, sendCall(silent), { ...trial, name: 'a silent delivery' })];
}

function clearCall(clearing: ReturnType<typeof sampleClearing<unknown>>): Call['call'] {
  return (instance, attempt) => instance.clear?.(clearing, attempt);
}

function closeScenario(stage: Stage): Scenario {
  const name = 'closing twice';
  const call = async (instance: ProviderInstance) => {
    await instance.close?.();
    await instance.close?.();
  };
  const run = async (): Promise<Finding[]> => {
    const { findings } = await play({ ...stage, name, answers: [], call });
    return findings.map((found) =>
      found.rule === 'throw' || found.rule === 'hang' ? { ...found, rule: 'close' } : found,
    );
  };
  return { name, run };
}

function callsOf({ plugin, target }: Stage): Call[] {
  const clear: Call = {
    ...sendCall(sampleDelivery({ target })),
    name: 'clear',
    call: clearCall(sampleClearing(target)),
  };
  const check: Call = {
    name: 'check',
    call: (instance, { signal }) => (instance.check === undefined ? { ok: true } : instance.check({ signal })),
    validate: (returned) =>
      checkResultSchema.safeParse(returned).success
        ? undefined
        : ['outcome', `must give { ok, detail }, gave ${JSON.stringify(returned)}`],
  };
  return [sendCall(sampleDelivery({ target })), ...(plugin.supports.clear === true ? [clear] : []), check];
}

function sendCall(delivery: ReturnType<typeof sampleDelivery<unknown>>): Call {
  return {
    name: 'send',
    call: (instance, attempt) => instance.send(delivery, attempt),
    validate: (returned, asked, notAccepted) => {
      const outcome = outcomeSchema.safeParse(returned);
      if (!outcome.success) return ['outcome', `returned no outcome: ${JSON.stringify(returned)}`];
      // A provider that asks nobody (a log) may accept what it likes.
      const untrue = notAccepted && asked && outcome.data.outcome === 'accepted';
      return untrue ? ['outcome', 'says accepted, but nothing was delivered'] : undefined;
    },
  };
}

function finding(rule: Rule, scenario: string, problem: string): Finding {
  return { rule, scenario, problem };
}
