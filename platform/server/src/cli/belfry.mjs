#!/usr/bin/env -S node --max-semi-space-size=32
// Starts the command line on a Node that can run it, and says so clearly on one that cannot. Plain
// JavaScript: an old Node must be able to read it. The flag bounds the young generation of the heap: without
// it 10,000 connections take a third more memory, and nothing is faster (docs/performance.md).
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// Before 22.19 our HTTP client does not run, and before 22.18 no TypeScript.
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `Belfry needs Node 22.19 or later; this is ${process.versions.node} (${process.execPath}).\n` +
      'Where it was installed with npm on Linux, Node 24 came along: `npx belfry` and `npm start` use it.',
  );
  // EX_CONFIG of sysexits.h: the surroundings are wrong, not the program.
  process.exit(78);
}

// Half of these threads look names up, and one whose name server is silent keeps its thread for many seconds: with
// the system's four, two such names would hold up everybody's (LIMIT_LOOKUPS_AT_ONCE). Read when the first is needed.
process.env.UV_THREADPOOL_SIZE ??= '16';

await import('./main.ts');
