// node scripts/build-packages.mjs: installs where that is needed, and builds the workspaces (packages/, examples/).
import { requireSupportedNode } from './lib/node-version.mjs';

requireSupportedNode();
const { prepare } = await import('./lib/prepare.mjs');
await prepare({ build: false, packages: true });
