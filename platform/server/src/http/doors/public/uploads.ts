// /uploads: files on their way into messages. Giving them out is files.ts, what they may be is the uploads
// capability's.

import { parseWith, uploadFieldsSchema, uploadSchema, uuidSchema, type Upload } from '@belfry/protocol';
import * as z from 'zod';
import { actingUser, nameOf, viewerOf } from './caller.ts';
import { defineRoute } from './route.ts';

const params = z.object({ id: uuidSchema });

export const uploadRoutes = [
  defineRoute({
    operationId: 'uploadFile',
    method: 'post',
    path: '/uploads',
    tag: 'Uploads',
    summary: 'Upload a file, to be named by a message within a day',
    auth: 'any',
    scope: 'uploads:write',
    // A second upload is another one, and the answer holds a link that is as good as a credential.
    repeatable: true,
    form: z.object({
      file: z.string().meta({ format: 'binary', description: 'One file, with its name.' }),
      ...uploadFieldsSchema.shape,
    }),
    answers: { 201: { description: 'It is kept; `url` is good until `expiresAt`.', schema: uploadSchema } },
    errors: ['quota_exceeded', 'too_many', 'overloaded'],
    async handle({ caller, form, address }, { uploads }) {
      const upload = await form(({ file, fields }) =>
        uploads.take(caller.app, nameOf(caller), {
          ...file,
          owner: async () => actingUser(caller, parseWith(uploadFieldsSchema, await fields()).userId, ['userId']),
        }),
      );
      return { status: 201, body: withAddress(upload, address) };
    },
  }),
  defineRoute({
    operationId: 'getUpload',
    method: 'get',
    path: '/uploads/{id}',
    tag: 'Uploads',
    summary: 'Read about an upload, with a fresh link: for its owner, and whoever got a message that uses it',
    auth: 'any',
    scope: 'uploads:read',
    params,
    answers: { 200: { description: 'The upload.', schema: uploadSchema } },
    async handle(input, { uploads }) {
      const { caller, address } = input;
      const upload = await uploads.get(caller.app, input.params.id, viewerOf(caller));
      return { status: 200, body: withAddress(upload, address) };
    },
  }),
  defineRoute({
    operationId: 'deleteUpload',
    method: 'delete',
    path: '/uploads/{id}',
    tag: 'Uploads',
    summary: "Delete an upload; a user's own only while no message uses it",
    auth: 'any',
    scope: 'uploads:write',
    params,
    answers: { 204: { description: 'It is gone.' } },
    errors: ['conflict'],
    async handle(input, { uploads }) {
      const { caller } = input;
      await uploads.remove(caller.app, input.params.id, viewerOf(caller));
      return { status: 204 };
    },
  }),
];

function withAddress(upload: Upload, address: string): Upload {
  return { ...upload, url: `${address}${upload.url}` };
}
