import type { Config } from '../config/config.js';
import type { Finding } from './finding.js';

type Looked = Pick<Config, 'commandsDir' | 'commandsUser' | 'commandsThroughSudo' | 'acceptNewPepper'>;

/** Settings that have no effect for want of another, and one that is meant for a single start. */
export function idleSettings(config: Looked): Finding[] {
  const found: Finding[] = [];
  const add = (subject: string, problem: string, advice: string): void => {
    found.push({ check: 'idle_setting', subject, problem, advice });
  };
  if (config.commandsDir === undefined) {
    const problem = 'has no effect: there is no directory of executables to run';
    const advice = 'set HEARTHKEY_COMMANDS_DIR or HEARTHKEY_HESTIA_ROOT, or take it away';
    if (config.commandsUser !== undefined) add('HEARTHKEY_COMMANDS_USER', problem, advice);
    if (config.commandsThroughSudo) add('HEARTHKEY_COMMANDS_SUDO', problem, advice);
  }
  if (config.acceptNewPepper) {
    const problem = 'is meant for one start: with it a missing or wrong pepper goes unnoticed';
    add('HEARTHKEY_NEW_PEPPER', problem, 'take it away');
  }
  return found;
}
