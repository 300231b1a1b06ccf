// What is tried on a provider that sends many deliveries in one call: every failure that one delivery meets, an
// outcome for each, and no fewer calls than are needed. One delivery: provider-scenarios.ts.
import type { Delivery } from '../delivery.ts';
import type { NotificationProvider } from '../notification-provider.ts';
import { outcomesSchema } from '../outcome.ts';
import type { Answer } from './answer.ts';
import type { Finding, Scenario } from './finding.ts';
import { nastyAnswers } from './nasty-answers.ts';
import { play } from './provider-play.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';
import { bareDelivery, oddDelivery, sampleDelivery } from './sample-delivery.ts';

interface Stage {
  readonly plugin: NotificationProvider;
  readonly options: ProviderTestOptions;
  readonly target: unknown;
}

interface Trial {
  readonly name: string;
  readonly answer: Answer;
  readonly notAccepted: boolean;
  readonly abort?: 'before' | 'while waiting';
}

/** In one, as most providers do not send many. A tenant may have to switch it on: `options.config` does. */
export function batchScenarios(stage: Stage): Scenario[] {
  if (stage.plugin.limits.batch === undefined) return [];
  const silence = { answer: { network: 'silence' }, notAccepted: true } as const;
  const trials: Trial[] = [
    ...nastyAnswers.map(({ name, ...trial }) => ({ ...trial, name: `many at once: ${name}` })),
    { ...silence, name: 'many at once: time-out while waiting', abort: 'while waiting' },
    { ...silence, name: 'many at once: aborted before it began', abort: 'before' },
  ];
  const run = async (): Promise<Finding[]> => {
    const findings: Finding[] = [];
    for (const trial of trials) findings.push(...(await tried(stage, trial)));
    return findings;
  };
  return [{ name: 'many at once', run }];
}

async function tried(stage: Stage, { name, answer, notAccepted, abort }: Trial): Promise<Finding[]> {
  const deliveries = severalOf(stage.target);
  const played = await play({
    ...{ ...stage, name, answers: [answer] },
    ...(abort === undefined ? {} : { abort }),
    call: (instance, attempt) => instance.sendMany?.(deliveries, attempt) ?? notSent,
  });
  if (!('returned' in played) || played.returned === notSent) return played.findings;
  const problem = problemOf(played.returned, {
    deliveries: deliveries.length,
    isUntrue: notAccepted && played.asked,
  });
  return problem === undefined
    ? played.findings
    : [...played.findings, { rule: 'outcome' as const, scenario: name, problem }];
}

/** The sample's configuration has it switched off. */
const notSent = Symbol('not sent');

function problemOf(
  returned: unknown,
  { deliveries, isUntrue }: { deliveries: number; isUntrue: boolean },
): string | undefined {
  const outcomes = outcomesSchema(deliveries).safeParse(returned);
  if (!outcomes.success) return `sendMany ${outcomes.error.message}, gave ${JSON.stringify(returned)}`;
  const wasAccepted = outcomes.data.some(({ outcome }) => outcome === 'accepted');
  return isUntrue && wasAccepted ? 'sendMany says accepted, but nothing was delivered' : undefined;
}

/** An ordinary one, a bare one and one full of odd characters, each a delivery of its own. */
function severalOf(target: unknown): Delivery[] {
  return [sampleDelivery({ target }), bareDelivery(target), oddDelivery(target)].map((delivery, at) => ({
    ...delivery,
    id: `${delivery.id.slice(0, -1)}${at}`,
    device: { ...delivery.device, id: `${delivery.device.id.slice(0, -1)}${at}` },
  }));
}
