// The process in which mappings run: takes a question, answers it, takes the next. Started and ended by
// mapping-child.ts, with no rights but to read its own code.

import { readFileSync } from 'node:fs';
import { createRealm } from './realm.ts';
import type { MappingLimits, Question, Reply } from './wire.ts';

const [, , library, limits] = process.argv;
if (library === undefined || limits === undefined || process.send === undefined) {
  throw new Error('mapping-process.ts is started by mapping-child.ts only');
}
// Written by mapping-child.ts, typed there.
const realm = createRealm(readFileSync(library, 'utf8'), JSON.parse(limits) as MappingLimits);
const reply = (message: Reply): unknown => process.send?.(message);

process.on('message', (question: Question) => {
  reply(realm.answer(question));
});
// Meant for the server, which drains with the help of this process and then ends it.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
// The server is gone, in whatever way: nobody will end this process any more.
process.on('disconnect', () => process.exit(0));
reply({ ready: true });
