/**
 * An environment without an operator's settings: no `HEARTHKEY_*`, and no `.env` of the installation. Whatever tests
 * and harnesses start runs in it; what they start is not announced to the command line of this machine.
 */
export function ownEnvironment(environment = process.env) {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith('HEARTHKEY_'));
  return { ...Object.fromEntries(others), HEARTHKEY_ENV_FILE: 'none', HEARTHKEY_RUN_DIR: 'none' };
}
