// Compares answers of the console's API with what its table of routes says of them.

import { isDeepStrictEqual } from 'node:util';
import { adminRouteTable } from '../../src/http/doors/admin/route-table.ts';

interface GivenAnswer {
  method: string;
  /** Below `/admin/api`, with or without a query. */
  path: string;
  status: number;
  body: unknown;
}

const rows = adminRouteTable.map(({ method, path, answers }) => ({
  ...{ method, answers },
  // A path without a parameter before one that has one in its place.
  form: new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  params: path.split('{').length,
}));
rows.sort((a, b) => a.params - b.params);

/** What is wrong with the answer, in words; undefined where it is as its row says, or none of a row's. */
export function misfitOf({ method, path, status, body }: GivenAnswer): string | undefined {
  if (status >= 300) return undefined;
  const [plain = ''] = path.split('?');
  const row = rows.find(({ method: of, form }) => of === method.toLowerCase() && form.test(plain));
  if (row === undefined) return undefined;
  const answer = row.answers[status];
  if (answer === undefined) return `${method} ${plain} answers ${status}, which its row does not know`;
  const { schema } = answer;
  if (schema === undefined) return body === undefined ? undefined : `${method} ${plain} has a body`;
  const parsed = schema.safeParse(body);
  if (!parsed.success) return `${method} ${plain}: ${parsed.error.message}`;
  if (isDeepStrictEqual(parsed.data, body)) return undefined;
  return `${method} ${plain} has fields that its row does not know: ${JSON.stringify(body)}`;
}
