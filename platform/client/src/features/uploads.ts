// The feature `uploads`: sends files and pictures into a conversation. Loaded where the page has
// `file_upload`. Bringing them to the server: upload-tasks.ts.
import type { Belfry } from '../types.ts';
import { createUploadTasks, type UploadTasks } from './upload-tasks.ts';

export interface FileOptions {
  /** The file's own unless given; its extension must fit the type (docs/uploads.md). */
  name?: string;
  caption?: string;
  /** Of a picture, so that others can leave room for it. Pixels. */
  width?: number;
  height?: number;
}

/** Its value: the uploads under way. */
export interface Uploads extends Omit<UploadTasks, 'add'> {
  /** A picture is sent as `image`, everything else as `file`. The id of the task. */
  send(conversationId: string, file: File | Blob, options?: FileOptions): string;
}

export function createUploads(belfry: Belfry): Uploads {
  const { add, ...tasks } = createUploadTasks(belfry);
  return {
    ...tasks,
    send(conversationId, file, { name = 'name' in file ? file.name : 'file', caption, width, height } = {}) {
      return add({
        conversationId,
        file,
        name,
        message({ uploadId, name: storedName, type, bytes }) {
          const content = { uploadId, name: storedName, type, bytes, ...(caption && { caption }) };
          if (!type.startsWith('image/')) return { type: 'file', content };
          return { type: 'image', content: { ...content, ...(width && height && { width, height }) } };
        },
      });
    },
  };
}
