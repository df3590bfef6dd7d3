import type { Config } from '../config/config.js';
import { finding, type Finding } from './finding.js';

type Looked = Pick<Config, 'commandsDir' | 'commandsUser' | 'commandsThroughSudo' | 'acceptNewPepper'>;

/** Settings that have no effect for want of another, and one that is meant for a single start. */
export function idleSettings(config: Looked): Finding[] {
  const found: Finding[] = [];
  const add = (name: string): void => {
    found.push(finding('idle_setting', 'setting_idle', { name }));
  };
  if (config.commandsDir === undefined) {
    if (config.commandsUser !== undefined) add('HEARTHKEY_COMMANDS_USER');
    if (config.commandsThroughSudo) add('HEARTHKEY_COMMANDS_SUDO');
  }
  if (config.acceptNewPepper)
    found.push(finding('idle_setting', 'setting_for_one_start', { name: 'HEARTHKEY_NEW_PEPPER' }));
  return found;
}
