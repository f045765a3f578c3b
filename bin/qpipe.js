#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  void import('../dist/command/main.js').then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2));
  });
} else {
  console.error(`qpipe needs Node 20.19 or newer, and this is ${process.version}: install a newer one (https://nodejs.org)`);
  process.exitCode = 2;
}
