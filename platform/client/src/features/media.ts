// The chunk that a page fetches for files and voice notes, which are brought to the server in the same way.
// Only re-exports; typing, presence and stats: live.ts.
export { createUploads } from './uploads.ts';
export { createVoiceNotes } from './voice-notes.ts';
