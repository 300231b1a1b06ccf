import { builtInFeatures } from '@belfry/protocol';
import { expect, test } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import { Features } from './features.ts';

test('a feature comes with the commands, events and types of messages that hang on it', async () => {
  const features = new Features({
    messageTypes: () => [{ id: 'voice', feature: 'voice_note' }, { id: 'text' }, { id: 'poll', feature: 'polls' }],
    kindsOf: async () => [
      { action: 'lab_result', feature: 'lab' },
      { action: 'seen_by', feature: 'polls' },
    ],
  });
  const all = await features.of(asAppId('demo'));
  expect(all.map(({ name }) => name)).toEqual([...builtInFeatures, 'lab', 'polls']);
  const of = (name: string) => all.find((each) => each.name === name);
  expect(of('voice_note')).toEqual({
    name: 'voice_note',
    from: 'belfry',
    commands: [],
    events: [],
    messageTypes: ['voice'],
  });
  expect(of('typing_indicator')).toMatchObject({ commands: ['typing'], events: ['typing_status'] });
  expect(of('lab')).toMatchObject({ from: 'kind', events: ['lab_result'] });
  expect(of('polls')).toMatchObject({ from: 'message_type', messageTypes: ['poll'], events: ['seen_by'] });
});
