// One line of a provider's own table: these answers of the service must become this outcome. The cases that
// every provider meets: provider-scenarios.ts.
import type { NotificationProvider } from '../notification-provider.ts';
import { outcomeSchema } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import type { Finding, Rule, Scenario } from './finding.ts';
import { play, sayThrown } from './provider-play.ts';
import type { AnswerLine, LineOptions, ProviderTestOptions } from './provider-test-options.ts';
import { sampleDelivery } from './sample-delivery.ts';

export function tableScenario(plugin: NotificationProvider, sample: ProviderTestOptions, line: AnswerLine): Scenario {
  const [answer, expected, further = {}] = line;
  const given: LineOptions = typeof further === 'function' ? { also: further } : further;
  const { also, config, target, notification, previous, attempt = 1 } = given;
  const answers = 'length' in answer ? answer : [answer];
  const name = nameOf(line, given);
  const finding = (rule: Rule, problem: string): Finding => ({ rule, scenario: name, problem });
  const options: ProviderTestOptions = {
    ...sample,
    config: Object.assign({}, sample.config, config),
    ...('standing' in given ? { standing: given.standing ?? (() => undefined) } : {}),
  };
  const run = async (): Promise<Finding[]> => {
    const parsed = plugin.target.safeParse(Object.assign({}, sample.target, target));
    if (!parsed.success) return [finding('target', `the target of the line is refused: ${parsed.error.message}`)];
    if (!plugin.config.safeParse(options.config).success)
      return [finding('config', 'the configuration of the line is refused')];
    const delivery = sampleDelivery({
      target: parsed.data,
      notification: { ...sample.notification, ...notification },
      previous,
    });
    const played = await play({
      ...{ plugin, options, name, answers },
      call: (instance, { signal }) => instance.send(delivery, { signal, attempt }),
    });
    if (played.findings.length > 0) return played.findings;
    const outcome = outcomeSchema.safeParse(played.returned);
    if (!outcome.success) return [finding('outcome', `returned no outcome: ${JSON.stringify(played.returned)}`)];
    const findings: Finding[] = [];
    if (!isExpected(outcome.data, expected)) findings.push(finding('answer', `was ${JSON.stringify(outcome.data)}`));
    try {
      also?.(played.requests);
    } catch (error) {
      findings.push(finding('answer', sayThrown(error)));
    }
    return findings;
  };
  return { name, run };
}

/** Two lines with the same answers differ by what else they say. */
function nameOf([answer, expected]: AnswerLine, { also: _also, ...given }: LineOptions): string {
  const { standing, ...rest } = given;
  const circumstances = [
    ...(Object.keys(rest).length === 0 ? [] : [JSON.stringify(rest)]),
    ...(standing === undefined ? [] : ['other standing answers']),
  ];
  const where = circumstances.length === 0 ? '' : ` where ${circumstances.join(' and ')}`;
  return `answers ${JSON.stringify(answer)} mean ${expected}${where}`;
}

function isExpected(outcome: Outcome, expected: string): boolean {
  const detail = { accepted: 'providerMessageId', retry: 'afterMs', rejected: 'reason' } as const;
  const { outcome: kind } = outcome;
  const whole = `${kind}:${String(Reflect.get(outcome, detail[kind]))}`;
  if (kind !== 'retry') return expected === kind || expected === whole;
  const scope = outcome.scope === undefined ? '' : `:${outcome.scope}`;
  // A line that names no scope, and no time, is about neither.
  return [kind, `${kind}${scope}`, `${whole}${scope}`].includes(expected);
}
