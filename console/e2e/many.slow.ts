// A thousand connections that come and go while three people look: what their tabs hold does not grow with them. Times
// and shares of a core are of a quiet machine, and measured with ten thousand: npm run bench -- --only console.
import { expect, it } from 'vitest';
import { parseOptions } from '../../platform/bench/src/options.ts';
import { runScenarios } from '../../platform/bench/src/run.ts';
import { consoleScenario } from '../../platform/bench/src/scenarios/console.ts';

const asMany = ['nodes of the document', 'growth of the heap in five minutes', 'received by a tab'];

it('a tab that looks at a thousand connections holds a window of them', { timeout: 400_000 }, async () => {
  const said: string[] = [];
  const options = parseOptions(['--quick', '--connections', '1000']);
  const [report] = await runScenarios([consoleScenario], { options, say: (text) => void said.push(text) });
  expect(report?.failure, said.join('\n')).toBeUndefined();
  const held = (report?.reaches ?? []).filter(({ what }) => asMany.includes(what));
  expect(held).toHaveLength(asMany.length);
  for (const { what, value, bound } of held) {
    expect('most' in bound && value <= bound.most, `${what}: ${value}`).toBe(true);
  }
});
