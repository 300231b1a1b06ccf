// All scenarios, in the order in which they run.
import type { Scenario } from '../scenario.ts';
import { append } from './append.ts';
import { fanOut, fanOutPaced } from './fan-out.ts';
import { rooms } from './rooms.ts';

export const scenarios: readonly Scenario[] = [fanOut, fanOutPaced, rooms, append];
