// All scenarios, in the order in which they run.
import type { Scenario } from '../scenario.ts';
import { announcement } from './announcement.ts';
import { append } from './append.ts';
import { connect } from './connect.ts';
import { fanOut, fanOutPaced } from './fan-out.ts';
import { growth } from './growth.ts';
import { httpSend } from './http-send.ts';
import { idle } from './idle.ts';
import { resume } from './resume.ts';
import { rooms } from './rooms.ts';
import { sdkSize } from './sdk-size.ts';

export const scenarios: readonly Scenario[] = [
  ...[fanOut, fanOutPaced, rooms, announcement],
  ...[httpSend, idle, connect, resume, append, growth, sdkSize],
];
