// The OpenAPI document of the console's API. How a document is made from a table: http/openapi.ts.

import { openApiDocument, type OpenApiDocument } from '../../openapi.ts';
import { adminPrefix } from './prefix.ts';
import type { AdminRoute } from './route.ts';

export function adminApiDocument(table: readonly AdminRoute[]): OpenApiDocument {
  return openApiDocument({
    prefix: adminPrefix,
    table,
    title: 'Belfry console',
    description:
      'What the console does, for people who are signed in to it. Back ends use `/api/v1`. Changes carry `X-Belfry-CSRF` from `GET /admin/api/session`. Errors are RFC 9457 problem details; decide by their `code`.',
    tags: new Map([
      ['Session', 'Being let in, and out again.'],
      ['Account', 'What somebody changes about themselves.'],
      ['Tenants', 'Tenants, and what they want of their members.'],
      ['Members', 'Who is in a tenant; invitations and resets.'],
      ['Audit', 'What was changed, by whom.'],
      ['Apps', 'Apps of a tenant.'],
      ['Keys', 'API keys of an app.'],
      ['Signing', 'What tokens of users are verified by, and tokens that are tried.'],
      ['Refusals', 'Why clients do not get in.'],
      ['Outgoing webhooks', 'What happens in the app is told to other systems.'],
      ['Document', 'This document.'],
    ]),
    notes: new Map(),
    schemes: {
      session: { type: 'apiKey', in: 'cookie', name: 'belfry_session', description: 'A session of the console.' },
    },
  });
}
