// The steps that bring a data file up to this version, in order. Not when they run: database.ts.
import { initial } from './001-initial.ts';
import { hooks } from './002-hooks.ts';
import { uploads } from './003-uploads.ts';
import { preferences } from './004-preferences.ts';
import { changedMessages } from './005-changed-messages.ts';
import { deadLetters } from './006-dead-letters.ts';
import { versions } from './007-versions.ts';
import { turns } from './008-turns.ts';
import { jobDelays } from './009-job-delays.ts';
import { unusedUploads } from './010-unused-uploads.ts';
import { metadata } from './011-metadata.ts';
import { messageSearch } from './012-message-search.ts';
import { users } from './013-users.ts';
import { erasures } from './014-erasures.ts';
import { rowsOfMessages } from './015-rows-of-messages.ts';
import { additions } from './016-additions.ts';
import { accounts } from './017-accounts.ts';
import { pageNotes } from './018-page-notes.ts';
import { shown } from './019-shown.ts';
import { journeyIndex } from './020-journey-index.ts';
import { webhooks } from './021-webhooks.ts';
import { deliveries } from './022-deliveries.ts';
import { figures } from './023-figures.ts';
import { pushFigures } from './024-push-figures.ts';

/** Step n makes version n + 1 of version n; `PRAGMA user_version` holds the version a file has. */
export const migrations: readonly string[] = [
  initial,
  hooks,
  uploads,
  preferences,
  changedMessages,
  deadLetters,
  versions,
  turns,
  jobDelays,
  unusedUploads,
  metadata,
  messageSearch,
  users,
  erasures,
  rowsOfMessages,
  additions,
  accounts,
  pageNotes,
  shown,
  journeyIndex,
  webhooks,
  deliveries,
  figures,
  pushFigures,
];
