// Whether a provider keeps its access token: two deliveries side by side get no more of them than one, and the
// next gets none.
import type { NotificationProvider } from '../notification-provider.ts';
import type { Finding, Scenario } from './finding.ts';
import { play } from './provider-play.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';
import { sampleDelivery } from './sample-delivery.ts';

export function tokenScenario(plugin: NotificationProvider, options: ProviderTestOptions, target: unknown): Scenario {
  const name = 'one token for many deliveries';
  const run = async (): Promise<Finding[]> => {
    const counts: number[] = [];
    let asked = 0;
    const standing: ProviderTestOptions['standing'] = (request) => {
      const answer = options.standing?.(request);
      if (answer !== undefined) asked += 1;
      return answer;
    };
    const played = await play({
      ...{ plugin, options: { ...options, standing }, name },
      answers: [{ http: 200, body: {} }],
      async call(instance, attempt) {
        const before = asked;
        const once = () => instance.send(sampleDelivery({ target }), attempt);
        await Promise.all([once(), once(), once()]);
        counts.push(asked - before);
        await once();
        counts.push(asked - before);
      },
    });
    const [atFirst = 0, inAll = 0] = counts;
    const problems = [
      ...(atFirst > 1 ? [`asked ${atFirst} times beside three deliveries at once: use ctx.tokens`] : []),
      ...(inAll > atFirst ? ['asked again for the next delivery: use ctx.tokens'] : []),
    ];
    return [...played.findings, ...problems.map((problem) => ({ rule: 'token' as const, scenario: name, problem }))];
  };
  return { name, run };
}
