// Every object that the chart renders, over all values that are tried, is one that Kubernetes knows.

import { expect, test, vi } from 'vitest';
import { matrix, render, type KubernetesObject } from '../support/helm-chart.ts';
import { typeProblems, validateObject } from '../support/kubernetes-schemas.ts';

vi.setConfig({ testTimeout: 120_000 });

const deployment = (spec: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'x' },
  spec: { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers: [{ name: 'c' }] } }, ...spec },
});

test.each(Object.entries(matrix))('%s: each object is as the schema of its kind wants it', async (_name, values) => {
  const objects = render(values);
  expect(objects.length).toBeGreaterThan(2);
  for (const each of objects) await expect(validateObject(each), each.kind).resolves.toBeUndefined();
});

test('a value of another type, and a kind that there is not, are found by the schemas', async () => {
  await expect(validateObject(deployment({ replicas: 'two' }))).rejects.toThrow('replicas');
  await expect(validateObject({ ...deployment({}), kind: 'Deploymint' })).rejects.toThrow();
});

test('no object has a field that its kind does not know', () => {
  const objects = Object.values(matrix).flatMap((values) => render(values));
  const different = new Map(objects.map((each) => [JSON.stringify(each), each]));
  expect(typeProblems([...different.values()])).toEqual([]);
});

test('a field that a kind does not know is found, at any depth', () => {
  const deep = { template: { spec: { containers: [{ name: 'c', readynessProbe: {} }] } } };
  expect(typeProblems([deployment({ replica: 1 }), deployment(deep)])).toEqual([
    expect.stringContaining('"replica"'),
    expect.stringContaining('"readynessProbe"'),
  ]);
});
