// How long each job was put off when its time was set. Never edited once released: a change is the next file.

/** Of a job of before nobody knows; no job is put off for more than a day. */
export const jobDelays = `
ALTER TABLE jobs ADD COLUMN delay_ms INTEGER NOT NULL DEFAULT 86400000;
`;
