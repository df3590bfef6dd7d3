/** Before all tests, however Jest was started: its processes inherit nothing of an operator's settings. */
import { ownEnvironment } from '../../scripts/lib/own-environment.mjs';

export default function withoutSettings() {
  const own = ownEnvironment();
  for (const name of Object.keys(process.env)) if (!(name in own)) delete process.env[name];
  Object.assign(process.env, own);
}
