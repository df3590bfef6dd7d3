// npm start: installs and builds where that is needed, then becomes `hearthkey serve`.
// The version comes first: nothing else here would parse, or load, on an old Node.js.
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();

async function start() {
  const { prepare } = await import('./lib/prepare.mjs');
  await prepare({ tools: false });
  // In this process, so that signals reach the service itself.
  await import('../dist/bundle/serve.js');
}

start().catch((error) => {
  console.error(error);
  process.exit(1);
});
