#!/usr/bin/env node
// The command `belfry`: runs one command line and ends the process with its exit code. The commands are in
// program.ts.
import { exitCodes } from './exit-codes.ts';
import { loadParts } from '../compose/parts.ts';
import { runProgram } from './program.ts';
import { allowUnreadOutput } from './unread-output.ts';

/**
 * Log lines that are under way keep the process up until they are written; anything else keeps it up no
 * longer than this.
 */
const lingerMs = 500;

allowUnreadOutput();
const code = await run();
process.exitCode = code;
setTimeout(() => process.exit(code), lingerMs).unref();

async function run(): Promise<number> {
  try {
    return await runProgram(process.argv.slice(2), {
      parts: loadParts,
      out: (text) => void process.stdout.write(`${text}\n`),
      err: (text) => void process.stderr.write(`${text}\n`),
      terminal: process.stderr.isTTY
        ? { write: (text) => void process.stderr.write(text), columns: process.stderr.columns }
        : undefined,
    });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.defect;
  }
}
