// Checks whether anything of one app was seen in another (G14): keys begin with the app they were sent in.

import type { Facts } from '../facts.ts';
import { violation, type Violation } from '../violation.ts';

export function checkTenants({ byStream, all }: Facts): Violation[] {
  const appOfMessage = new Map<string, string>();
  for (const { app, log } of byStream.values()) for (const { messageId } of log) appOfMessage.set(messageId, app);
  return [
    ...all('released').flatMap(({ app, reader, key }) =>
      isOf(app, key) ? [] : [violation('G14', `${app}: ${reader} was handed ${key}`)],
    ),
    ...[...byStream.values()].flatMap(({ app, name, log }) =>
      log.flatMap(({ key }) => (isOf(app, key) ? [] : [violation('G14', `${name} has ${key}`)])),
    ),
    ...all('posted').flatMap(({ app, saidApp, user, messageIds }) => {
      const foreign = messageIds.some((id) => (appOfMessage.get(id) ?? app) !== app);
      return saidApp === app && !foreign
        ? []
        : [violation('G14', `${app}: ${user}'s phone was notified of another app`)];
    }),
  ];
}

function isOf(app: string, key: string): boolean {
  return key.startsWith(`${app}/`);
}
