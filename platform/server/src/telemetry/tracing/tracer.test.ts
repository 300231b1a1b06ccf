import { expect, test } from 'vitest';
import { BelfryError } from '@belfry/protocol';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { Tracer, type EndedSpan } from './tracer.ts';

function tracing(options: { share?: number; random?: () => number } = {}) {
  const spans: EndedSpan[] = [];
  const clock = createVirtualClock();
  const tracer = new Tracer({ clock, share: 1, onEnd: (span) => void spans.push(span), ...options });
  return { spans, clock, tracer };
}

const foreign = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';

test('a span takes as long as its promise, and what it calls is below it', async () => {
  const { spans, clock, tracer } = tracing();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const outer = tracer.span('outer', {}, async () => {
    tracer.span('inner', {}, () => undefined);
    await promise;
    tracer.span('later', {}, () => undefined);
  });
  await clock.advance(30);
  resolve(undefined);
  await outer;
  expect(spans.map(({ name, tookMs }) => [name, tookMs])).toEqual([
    ['inner', 0],
    ['later', 0],
    ['outer', 30],
  ]);
  const [inner, later, top] = spans;
  expect([inner?.parentId, later?.parentId, top?.parentId]).toEqual([top?.spanId, top?.spanId, undefined]);
  expect(tracer.traceparent()).toBeUndefined();
});

test('a given parent wins over what is under way, and its sampling holds', () => {
  const { spans, tracer } = tracing();
  tracer.span('mine', {}, () => {
    tracer.span('kept', { parent: `${foreign}-01` }, () => undefined);
    tracer.span('left out', { parent: `${foreign}-00` }, () => tracer.span('so is this', {}, () => undefined));
    tracer.span('not understood', { parent: 'x' }, () => undefined);
  });
  expect(spans.map(({ name }) => name)).toEqual(['kept', 'not understood', 'mine']);
  expect(spans[0]).toMatchObject({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentId: '00f067aa0ba902b7' });
  expect(spans[1]?.traceId).toBe(spans[2]?.traceId);
});

test('of traces that begin here the share is kept, whole', () => {
  const rolls = [0.1, 0.9];
  const { spans, tracer } = tracing({ share: 0.5, random: () => rolls.shift() ?? 1 });
  for (const name of ['first', 'second']) {
    tracer.span(name, {}, () => {
      expect(tracer.traceparent()).toMatch(name === 'first' ? /-01$/ : /-00$/);
      tracer.span(`below ${name}`, {}, () => undefined);
    });
  }
  expect(spans.map(({ name }) => name)).toEqual(['below first', 'first']);
});

test('an error ends the span with its code and goes on', async () => {
  const { spans, tracer } = tracing();
  const refuse = (): never => {
    throw new BelfryError('overloaded');
  };
  expect(() => tracer.span('now', {}, refuse)).toThrow();
  await expect(tracer.span('later', {}, () => Promise.reject(new TypeError('a text of a user')))).rejects.toThrow();
  expect(spans.map(({ error }) => error)).toEqual(['overloaded', 'TypeError']);
});
