// The owner whose turn a job takes, and indexes by which jobs and owed pushes are found app by app. Never
// edited once released: a change is the next file.

/**
 * `ready` are only jobs that are due now, so that `jobs_turns` leads from one app, and from one user, that
 * has some to the next without walking over those that wait for their time; they are `delayed` until it
 * comes. A job of before is looked at when its time comes, as any other. `messages_due` led by time: an app
 * that owed much hid all the others.
 */
export const turns = `
ALTER TABLE jobs ADD COLUMN user TEXT NOT NULL DEFAULT '';
DROP INDEX jobs_ready;
UPDATE jobs SET state = 'delayed' WHERE state = 'ready';
CREATE INDEX jobs_delayed ON jobs (queue, due_at) WHERE state = 'delayed';
CREATE INDEX jobs_turns ON jobs (queue, app, user, due_at) WHERE state = 'ready';
DROP INDEX messages_due;
CREATE INDEX messages_owed ON messages (app, due_at) WHERE due_at IS NOT NULL;
`;
