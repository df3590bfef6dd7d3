// Everything here must parse on old releases (Node.js 14): it is what tells their users to upgrade.
// The range is the one of "engines" in package.json.

/** True for Node.js `^20.19 || >=22.12`. */
export function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 12;
  return major > 22;
}

/** Ends the process with one clear line when this Node.js is too old. */
export function requireSupportedNode() {
  if (isSupported(process.versions.node)) return;
  console.error(`Hearthkey needs Node.js ^20.19 or >=22.12; this is ${process.version}.`);
  process.exit(1);
}
