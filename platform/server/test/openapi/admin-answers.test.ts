// The document of the console's API says what each route answers: the console's types are made from it. That
// answers are so is checked at every call of support/console-client.ts.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { adminRouteTable } from '../../src/http/doors/admin/route-table.ts';
import { misfitOf } from '../support/console-answers.ts';

describe.each(adminRouteTable.map((route) => [route.operationId ?? route.path, route] as const))('%s', (_id, route) => {
  test('says what it answers', () => {
    const answers = Object.entries(route.answers).filter(([status]) => status !== '204');
    for (const [status, { schema }] of answers) {
      expect(schema, status).toBeDefined();
      expect(schema instanceof z.ZodUnknown || schema instanceof z.ZodAny, status).toBe(false);
    }
  });
});

test('an answer that lacks a field, or has one that is not in its schema, is found', () => {
  const tenant = { id: 'clinic', name: 'Clinic', managed: false, requireTotpFrom: null, version: 1 };
  expect(misfitOf({ method: 'GET', path: '/tenants/clinic', status: 200, body: tenant })).toBeUndefined();
  const { name: _name, ...less } = tenant;
  expect(misfitOf({ method: 'GET', path: '/tenants/clinic', status: 200, body: less })).toContain('name');
  const more = { ...tenant, secret: 'x' };
  expect(misfitOf({ method: 'GET', path: '/tenants/clinic', status: 200, body: more })).toContain('secret');
});
