// npm run build: installs and builds where that is needed.
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();
const { prepare } = await import('./lib/prepare.mjs');
await prepare();
