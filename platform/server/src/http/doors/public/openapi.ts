// The OpenAPI document of the public API. How a document is made from a table: http/openapi.ts.

import { openApiDocument, type OpenApiDocument } from '../../openapi.ts';
import { fieldNotes } from './field-notes/field-notes.ts';
import { apiPrefix, routeTable } from './route-table.ts';

export function publicApiDocument(): OpenApiDocument {
  return openApiDocument({
    prefix: apiPrefix,
    table: routeTable,
    title: 'Belfry',
    description:
      'Conversations, messages, broadcasts, push targets and page policies of one app. Errors are RFC 9457 problem details; decide by their `code`.',
    tags: new Map([
      ['Conversations', 'Conversations, and who is in them.'],
      ['Messages', 'Messages of conversations and inboxes: send, read, edit, delete, and what became of each.'],
      ['Broadcasts', 'Reach a conversation, users, a topic or everyone, with anything; and the kinds of the app.'],
      ['Webhooks', 'Inbound webhooks: what other systems post becomes a broadcast.'],
      ['Outgoing webhooks', 'What happens in the app is told to other systems.'],
      ['Uploads', 'Files on their way into messages.'],
      ['Push targets', 'Devices that pushes go to, the providers that send them, and pushes that were given up.'],
      ['Users', 'Tokens, sign-out and preferences of users.'],
      ['Connections', 'Open WebSockets, and who is online.'],
      ['Pages', 'Page policies: what clients can do on which page.'],
    ]),
    notes: fieldNotes,
    schemes: {
      apiKey: {
        type: 'http',
        scheme: 'bearer',
        description:
          'An API key of an app (`bk_...`), for back ends. Each operation names the scope that the key needs.',
      },
      userToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'A user token; it speaks for its own `sub` alone.',
      },
    },
  });
}
