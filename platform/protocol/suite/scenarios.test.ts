// The scenario files are sound: they speak of nothing that an earlier step has not introduced, and send what
// the schemas accept.
import { describe, expect, it } from 'vitest';
import { commands, isCommandAction } from '../src/commands.ts';
import { isEventAction } from '../src/events.ts';
import { isErrorCode } from '../src/error-table.ts';
import { scenarios, type Scenario, type Step } from './index.ts';

function clientsOf(step: Step): { opened: string[]; used: string[] } {
  if ('open' in step) return { opened: [step.open], used: [] };
  if ('connect' in step) return { opened: [step.connect], used: [] };
  if ('send' in step) return { opened: [], used: [step.send] };
  if ('expect' in step) return { opened: [], used: [step.expect] };
  if ('expectNothing' in step) return { opened: [], used: step.expectNothing };
  if ('expectClose' in step) return { opened: [], used: [step.expectClose] };
  return { opened: [], used: 'close' in step ? [step.close] : [] };
}

function wordsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((found) => found[1] ?? '');
}

/**
 * Actions and codes that a scenario sends in order to be refused, or that the tenant of the example has
 * declared.
 */
const foreign = new Set(['screen_dance', 'lab_result', 'consultation_reply']);

describe.each(scenarios.map((scenario): [string, Scenario] => [scenario.name, scenario]))('%s', (_name, { steps }) => {
  it('uses only clients that were opened and names that were captured', () => {
    const opened = new Set<string>();
    const captured = new Set<string>();
    for (const step of steps) {
      const clients = clientsOf(step);
      for (const name of clients.used) expect(opened).toContain(name);
      for (const name of clients.opened) opened.add(name);
      const text = JSON.stringify(step);
      for (const name of wordsIn(text, /"\$capture:(\w+)"/g)) captured.add(name);
      for (const name of wordsIn(text, /"\$var:(\w+)"/g)) expect(captured).toContain(name);
      if ('http' in step) for (const name of wordsIn(step.http.path, /\{(\w+)\}/g)) expect(captured).toContain(name);
    }
  });

  it('names only events and error codes that exist', () => {
    for (const step of steps) {
      if (!('expect' in step)) continue;
      for (const action of wordsIn(JSON.stringify(step.frame), /^\{"action":"(\w+)"/g)) {
        expect(isEventAction(action) || foreign.has(action)).toBe(true);
      }
      for (const code of wordsIn(JSON.stringify(step.frame), /"error":\{"code":"(\w+)"/g))
        expect(isErrorCode(code)).toBe(true);
    }
  });

  it('sends frames that the schemas accept wherever it expects to succeed', () => {
    for (const [index, step] of steps.entries()) {
      if (!('send' in step) || step.frame === undefined || JSON.stringify(step).includes('$var:')) continue;
      const answer = steps
        .slice(index)
        .find((later) => 'expect' in later && isAnswerTo(later.frame, step.frame?.['id']));
      if (answer === undefined) continue;
      const action = step.frame['action'];
      if (typeof action !== 'string' || !isCommandAction(action)) throw new Error(`${String(action)} is no command`);
      expect(commands[action].data.safeParse(step.frame['data']).error).toBeUndefined();
    }
  });
});

function isAnswerTo(frame: unknown, id: unknown): boolean {
  return (
    typeof frame === 'object' &&
    frame !== null &&
    'ok' in frame &&
    frame.ok === true &&
    'id' in frame &&
    frame.id === id
  );
}

it('no two scenarios have the same name', () => {
  expect(new Set(scenarios.map((scenario) => scenario.name)).size).toBe(scenarios.length);
});
