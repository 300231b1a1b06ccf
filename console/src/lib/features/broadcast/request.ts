// A broadcast as it is put together on the screen, and the request that it makes. Knows no screen.
import type { BuiltInKind, MessageTypeForm, OwnKind } from '#lib/api/shapes.ts';
import {
  fieldsOfSchema,
  filledIn,
  isObject,
  missingIn,
  type GeneratedField,
  type JsonObject,
} from '#lib/forms/generated/schema.ts';

export type AudienceForm = 'users' | 'conversation' | 'topic' | 'everyone';
const audienceForms: readonly AudienceForm[] = ['users', 'conversation', 'topic', 'everyone'];
export type DeviceType = 'mobile' | 'tablet' | 'desktop';

/** What a kind asks for. */
export interface KindChoice {
  kind: string;
  isBuiltIn: boolean;
  audience: readonly AudienceForm[];
  carries: 'message' | 'notice';
  needsSender: boolean;
}

export interface Composed {
  kind: string;
  form: AudienceForm;
  users: readonly string[];
  conversation: string;
  topic: string;
  sender: string;
  deviceTypes: readonly DeviceType[];
  connectionTypes: string;
  messageType: string;
  /** Of a message, or of a notice. */
  content: JsonObject;
}

export type Missing = 'kind' | 'users' | 'conversation' | 'topic' | 'sender' | 'content';

export interface BroadcastBody {
  kind: string;
  data: Record<string, unknown>;
  audience: Audience;
  sender?: string;
}
type Filters = { deviceTypes?: DeviceType[]; connectionTypes?: string[] };
export type Audience = Filters &
  ({ users: string[] } | { conversation: string } | { topic: string } | { everyone: true });

/** Kinds that people do not write: clients send them by themselves. */
const ofClients: ReadonlySet<string> = new Set(['typing', 'read']);

export function kindChoices(given: { kinds: readonly OwnKind[]; builtIn: readonly BuiltInKind[] }): KindChoice[] {
  const own = given.kinds.map(({ kind, audience }): KindChoice => {
    const forms: AudienceForm[] =
      audience === 'topic' || audience === 'everyone' ? [audience] : ['users', 'conversation'];
    return { kind, isBuiltIn: false, audience: forms, carries: 'notice', needsSender: false };
  });
  const builtIn = given.builtIn
    .filter(({ kind }) => !ofClients.has(kind))
    .map(({ kind, audience, carries, needsSender }): KindChoice => {
      const forms = audienceForms.filter((form) => audience.includes(form));
      return {
        kind,
        isBuiltIn: true,
        audience: forms,
        carries: carries === 'message' ? 'message' : 'notice',
        needsSender,
      };
    });
  return [...own, ...builtIn];
}

/** What a notice is shown with; an app may send more, as JSON. */
const noticeFields: readonly GeneratedField[] = [
  { name: 'title', title: 'title', isRequired: false, form: { type: 'text', isLong: false, maxLength: 500 } },
  { name: 'body', title: 'body', isRequired: false, form: { type: 'text', isLong: true } },
];

/** Undefined where the content can be written as JSON alone. */
export function contentFields(
  choice: KindChoice | undefined,
  type: MessageTypeForm | undefined,
): readonly GeneratedField[] | undefined {
  if (choice?.carries !== 'message') return noticeFields;
  return fieldsOfSchema(type?.schema);
}

/** A request that can be sent, or what is missing for one. */
export function requestOf(
  composed: Composed,
  choice: KindChoice | undefined,
  fields: readonly GeneratedField[] | undefined,
): { request: BroadcastBody } | { missing: Missing[] } {
  const audience = audienceOf(composed);
  const content = filledIn(composed.content);
  const filled = isObject(content) ? content : {};
  const isMessage = choice?.carries === 'message';
  const lacksContent = isMessage
    ? missingIn(fields ?? [], filled).length > 0 || Object.keys(filled).length === 0
    : Object.keys(filled).length === 0;
  const sender = composed.sender.trim();
  const missing: Missing[] = [
    ...(choice === undefined ? (['kind'] as const) : []),
    ...(lacksContent ? (['content'] as const) : []),
    ...(choice?.needsSender === true && sender === '' ? (['sender'] as const) : []),
    ...(audience === undefined && composed.form !== 'everyone' ? [composed.form] : []),
  ];
  if (choice === undefined || audience === undefined || missing.length > 0) return { missing };
  const data = isMessage ? { type: composed.messageType, content: filled } : { ...filled };
  return { request: { kind: choice.kind, data, audience, ...(sender === '' ? {} : { sender }) } };
}

function audienceOf({
  form,
  users,
  conversation,
  topic,
  deviceTypes,
  connectionTypes,
}: Composed): Audience | undefined {
  const types = connectionTypes.split(/[\s,]+/).filter((type) => type !== '');
  const filters: Filters = {
    ...(deviceTypes.length === 0 ? {} : { deviceTypes: [...deviceTypes] }),
    ...(types.length === 0 ? {} : { connectionTypes: types }),
  };
  switch (form) {
    case 'users':
      return users.length === 0 ? undefined : { users: [...users], ...filters };
    case 'conversation':
      return conversation.trim() === '' ? undefined : { conversation: conversation.trim(), ...filters };
    case 'topic':
      return topic.trim() === '' ? undefined : { topic: topic.trim(), ...filters };
    case 'everyone':
      return { everyone: true, ...filters };
  }
}

/** A list that was pasted, one a line, as of a spreadsheet; or of one line, with commas or semicolons between. */
export function usersIn(text: string): string[] {
  const lines = text.split(/[\r\n\t]+/);
  const isList = lines.filter((line) => line.trim() !== '').length > 1;
  const items = isList ? lines : text.split(/[,;]/);
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))];
}
