// The additions to messages: reactions, pins, replies that are counted. Never edited once released: a change
// is the next file.

const changedAt = 'coalesce(deleted_at, max(coalesce(edited_at, added_at), coalesce(added_at, edited_at)))';

/** Replies of before are counted; messages that have some say when they got the last one. */
export const additions = `
ALTER TABLE messages ADD COLUMN reply_to TEXT;
ALTER TABLE messages ADD COLUMN reactions TEXT;
ALTER TABLE messages ADD COLUMN pinned_at INTEGER;
ALTER TABLE messages ADD COLUMN pinned_by TEXT;
ALTER TABLE messages ADD COLUMN reply_count INTEGER;
ALTER TABLE messages ADD COLUMN replied_at INTEGER;
ALTER TABLE messages ADD COLUMN added_at INTEGER;
UPDATE messages SET reply_to = json_extract(data, '$.replyTo')
  WHERE stream GLOB 'c:*' AND instr(data, '"replyTo"') > 0 AND json_type(data, '$.replyTo') = 'text';
CREATE INDEX messages_replies ON messages (app, stream, reply_to, seq) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_pinned ON messages (app, stream, seq) WHERE pinned_at IS NOT NULL;
UPDATE messages SET reply_count = replies.n, replied_at = replies.at, added_at = replies.at FROM (
    SELECT app AS of_app, stream AS of_stream, reply_to AS of_id, count(*) AS n, max(stored_at) AS at FROM messages
    WHERE reply_to IS NOT NULL AND targets IS NULL AND coalesce(exclude, '[]') = '[]' GROUP BY app, stream, reply_to
  ) AS replies
  WHERE app = of_app AND id = of_id AND stream = of_stream AND deleted_at IS NULL;
DROP INDEX messages_changed;
CREATE INDEX messages_changed ON messages (app, stream, ${changedAt}, seq) WHERE ${changedAt} IS NOT NULL;
`;
