// A realm with nothing in it but the language and JSONata, and a bound on how long it runs. What is said to
// it from outside: mapping-process.ts.

import { createContext, Script, type Context } from 'node:vm';
import { bound, freeze, install } from './realm-code.ts';
import type { MappingLimits, Reply } from './wire.ts';

const lateCode = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** How often a run is begun anew that the machine, and not the mapping, made late. */
export const maxRuns = 3;

export interface Realm {
  /** Never throws. `payload` is JSON; without it the mapping is only compiled. */
  answer(question: { mapping: string; payload?: string }): Exclude<Reply, { ready: true }>;
}

/**
 * Only text crosses its border, in both directions: no object of ours is ever in there whose constructor
 * would lead out. Code cannot be made from text in it. Promises that it makes run within `answer` and its
 * time, so an endless one is ended with it.
 */
export function createRealm(jsonata: string, limits: MappingLimits): Realm {
  const library = new Script(jsonata, { filename: 'jsonata.js' });
  const ask = new Script('answerQuestion()');
  let realm = open();

  function open(): Context {
    const context = createContext(Object.create(null) as object, {
      codeGeneration: { strings: false, wasm: false },
      microtaskMode: 'afterEvaluate',
    });
    const call = (code: (...args: never[]) => void, argument?: unknown): unknown =>
      new Script(`(${String(code)})(${argument === undefined ? '' : JSON.stringify(argument)})`).runInContext(context);
    call(bound, limits.textChars);
    library.runInContext(context);
    call(freeze);
    call(install, limits);
    return context;
  }

  /**
   * Undefined when it had the time and not the processor: on a busy machine that says nothing about the
   * mapping.
   */
  function run(question: string): Exclude<Reply, { ready: true }> | undefined {
    const before = cpuMs();
    realm['question'] = question;
    try {
      ask.runInContext(realm, { timeout: limits.runMs });
    } catch (error) {
      // Work that was cut off would go on when the realm is used again, so it is not.
      realm = open();
      // An Error of that realm, not of ours.
      const isLate = typeof error === 'object' && error !== null && Reflect.get(error, 'code') === lateCode;
      if (!isLate) return { ok: false, reason: 'The mapping failed.' };
      if (cpuMs() - before < limits.runMs / 2) return undefined;
      return { ok: false, reason: `The mapping took longer than ${limits.runMs} ms.` };
    }
    const { answer, reason } = realm;
    if (typeof answer === 'string') return { ok: true, json: answer };
    return { ok: false, reason: typeof reason === 'string' ? reason : 'The mapping never came to an end.' };
  }

  return {
    answer(question) {
      const text = JSON.stringify(question);
      for (let tries = 0; tries < maxRuns; tries += 1) {
        const reply = run(text);
        if (reply !== undefined) return reply;
      }
      return { ok: false, reason: `The mapping was not done within ${maxRuns} times ${limits.runMs} ms.` };
    },
  };
}

/** Of this process, all threads. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
