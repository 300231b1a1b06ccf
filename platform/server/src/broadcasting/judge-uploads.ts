// Which uploads the content of a message refers to, each judged before anything is stored. Keeping them from then on: uploads.ts.

import { uploadReferencesSchema, type MessageType } from '@belfry/plugin-kit';
import type { AppId } from '../ports/app-id.ts';
import type { UploadReferences } from '../uploads/references.ts';

/** The ids of the uploads, each judged. Throws `invalid_content` with the path. No effect. */
export async function checkUploads(
  app: AppId,
  message: { plugin: MessageType; content: Record<string, unknown>; senderId: string | undefined },
  uploads: Pick<UploadReferences, 'check'>,
): Promise<readonly string[]> {
  const { plugin, content, senderId } = message;
  if (plugin.uploads === undefined) return [];
  // What a plugin answers is judged like everything foreign.
  const references = uploadReferencesSchema.parse(plugin.uploads(content));
  await uploads.check(app, senderId, references);
  return [...new Set(references.map(({ uploadId }) => uploadId))];
}
