#!/usr/bin/env node
// The command `belfry`: runs one command line and ends the process with its exit code. What the commands are is program.ts.
import { exitCodes } from './exit-codes.ts';
import { loadParts } from '../compose/parts.ts';
import { runProgram } from './program.ts';

process.exit(await run());

async function run(): Promise<number> {
  try {
    return await runProgram(process.argv.slice(2), {
      parts: loadParts,
      out: (text) => void process.stdout.write(`${text}\n`),
      err: (text) => void process.stderr.write(`${text}\n`),
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.defect;
  }
}
