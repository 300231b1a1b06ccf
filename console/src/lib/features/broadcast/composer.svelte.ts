// The state of a broadcast that is put together: what is chosen and typed, and the request that it makes.
import type { MessageTypeForm } from '#lib/api/shapes.ts';
import type { JsonObject } from '#lib/forms/generated/schema.ts';
import {
  contentFields,
  requestOf,
  type AudienceForm,
  type BroadcastBody,
  type Composed,
  type DeviceType,
  type KindChoice,
  type Missing,
} from './request.ts';

const firstKind = 'system_notification';

export class Composer {
  choices: readonly KindChoice[] = $state.raw([]);
  types: readonly MessageTypeForm[] = $state.raw([]);
  kind = $state(firstKind);
  form: AudienceForm = $state('users');
  users: readonly string[] = $state.raw([]);
  conversation = $state('');
  topic = $state('');
  sender = $state('');
  deviceTypes: readonly DeviceType[] = $state.raw([]);
  connectionTypes = $state('');
  messageType = $state('text');
  content: JsonObject = $state.raw({});

  readonly choice = $derived(this.choices.find(({ kind }) => kind === this.kind));
  readonly type = $derived(this.types.find(({ type }) => type === this.messageType));
  readonly fields = $derived(contentFields(this.choice, this.type));
  readonly #made = $derived(requestOf(this.#composed(), this.choice, this.fields));

  get request(): BroadcastBody | undefined {
    return 'request' in this.#made ? this.#made.request : undefined;
  }

  get missing(): readonly Missing[] {
    return 'missing' in this.#made ? this.#made.missing : [];
  }

  /** The audience changes with it where the kind does not take the one that was chosen. */
  choose(kind: string): void {
    const before = this.choice?.carries;
    this.kind = kind;
    const { audience = [], carries } = this.choice ?? {};
    if (!audience.includes(this.form)) this.form = audience[0] ?? this.form;
    if (before !== undefined && carries !== before) this.content = {};
  }

  chooseType(type: string): void {
    this.messageType = type;
    this.content = {};
  }

  add(users: readonly string[]): void {
    this.users = [...new Set([...this.users, ...users])];
  }

  remove(user: string): void {
    this.users = this.users.filter((each) => each !== user);
  }

  /** As somebody sent it before, or as a link says. */
  take({ kind, data, audience, sender }: Partial<BroadcastBody>): void {
    if (kind !== undefined) this.choose(kind);
    if (data !== undefined) {
      const { type, content } = data;
      const isMessage = typeof type === 'string' && typeof content === 'object' && content !== null;
      if (isMessage) this.messageType = type;
      this.content = isMessage ? { ...content } : data;
    }
    if (audience !== undefined) this.#takeAudience(audience);
    this.sender = sender ?? this.sender;
  }

  #takeAudience(audience: BroadcastBody['audience']): void {
    if ('users' in audience) [this.form, this.users] = ['users', audience.users];
    else if ('conversation' in audience) [this.form, this.conversation] = ['conversation', audience.conversation];
    else if ('topic' in audience) [this.form, this.topic] = ['topic', audience.topic];
    else this.form = 'everyone';
    this.deviceTypes = audience.deviceTypes ?? [];
    this.connectionTypes = (audience.connectionTypes ?? []).join(', ');
  }

  #composed(): Composed {
    const { kind, form, users, conversation, topic, sender, deviceTypes, connectionTypes, messageType, content } = this;
    return { kind, form, users, conversation, topic, sender, deviceTypes, connectionTypes, messageType, content };
  }
}
