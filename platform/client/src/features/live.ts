// The chunk that a page fetches for typing, presence and stats: small, and mostly wanted together. Only
// re-exports; files and voice notes are media.ts.
export { createPresence } from './presence.ts';
export { createStats } from './stats.ts';
export { createTyping } from './typing.ts';
