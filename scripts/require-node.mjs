// Stops with a clear message on a Node that cannot run TypeScript. Plain JavaScript, because an old Node must
// be able to read it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// 22.19 is what our HTTP client needs; types are stripped without a flag since 22.18.
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `Belfry needs Node 22.19 or later; this is ${process.versions.node} (${process.execPath}).\n` +
      'On Linux `npm install` brings Node 24 along: run it first, then start things with `npm run ...` or `npx ...`.',
  );
  process.exit(1);
}

// As platform/server/src/cli/belfry.mjs does, and for its reason. Read when the first thread is needed.
process.env.UV_THREADPOOL_SIZE ??= '16';
