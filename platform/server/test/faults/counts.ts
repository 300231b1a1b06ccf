// Counts the events of a run, for its report: a run in which nothing happened proves nothing. Checks nothing.

import type { FaultEvent, History } from './history.ts';

export interface Counts {
  kills: number;
  killsWhileStarting: number;
  drains: number;
  messages: number;
  sent: number;
  sentAgain: number;
  duplicatesAnswered: number;
  broadcasts: number;
  refused: number;
  connections: number;
  released: number;
  gaps: number;
  acknowledgements: number;
  pushes: number;
  pushesFailed: number;
  pushesLost: number;
}

export function countsOf({ events, streams }: History, killsWhileStarting = 0): Counts {
  const count = (fits: (event: FaultEvent) => boolean): number => events.filter(fits).length;
  const sent = events.filter((event) => event.type === 'sent');
  return {
    kills: count((event) => event.type === 'stopping' && event.how === 'kill'),
    killsWhileStarting,
    drains: count((event) => event.type === 'stopping' && event.how === 'drain'),
    messages: streams.reduce((sum, { log }) => sum + log.length, 0),
    sent: sent.length,
    sentAgain: sent.length - new Set(sent.map(({ app, stream, key }) => `${app} ${stream} ${key}`)).size,
    duplicatesAnswered: count((event) => event.type === 'answered' && event.duplicate),
    broadcasts: new Set(sent.filter(({ via }) => via === 'broadcast').map(({ key }) => key)).size,
    refused: count((event) => event.type === 'refused'),
    connections: count((event) => event.type === 'opened'),
    released: count((event) => event.type === 'released'),
    gaps: count((event) => event.type === 'gap'),
    acknowledgements: count((event) => event.type === 'ack_answered'),
    pushes: count((event) => event.type === 'posted' && event.outcome === 'accepted'),
    pushesFailed: count((event) => event.type === 'posted' && event.outcome === 'failed'),
    pushesLost: count((event) => event.type === 'posted' && event.outcome === 'lost'),
  };
}
