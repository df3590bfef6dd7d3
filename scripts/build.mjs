// npm run build: installs, and builds the service and the packages, where that is needed.
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();
const { prepare } = await import('./lib/prepare.mjs');
await prepare({ packages: true });
