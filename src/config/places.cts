/**
 * Where an installation has its files, unless settings say otherwise. CommonJS without imports but of Node.js, because
 * the command line loads it too: service and command line have to agree.
 */
import path = require('node:path');

type Environment = Readonly<Record<string, string | undefined>>;

interface Places {
  /** Settings, read at the start; need not exist. */
  envFile: string;
  dataDir: string;
}

/** Where the Debian package puts the program. */
const packagedFolder = '/usr/lib/hearthkey';

/** The places of a machine's service: those of the Debian package, and of an npm archive that root has installed. */
const systemPlaces: Places = { envFile: '/etc/hearthkey/hearthkey.env', dataDir: '/var/lib/hearthkey' };

/**
 * A clone has all in its own folder. An installed package must not: an upgrade replaces that folder.
 *
 * @param folder - the installation: where package.json is
 * @param isRoot - whether root runs this; others get places of their own for an npm archive
 */
function placesOf(folder: string, environment: Environment, isRoot: boolean): Places {
  if (folder === packagedFolder) return systemPlaces;
  if (!folder.split(path.sep).includes('node_modules'))
    return { envFile: path.join(folder, '.env'), dataDir: path.join(folder, 'data') };
  if (isRoot) return systemPlaces;
  const home = environment['HOME'] ?? '/';
  const settings = environment['XDG_CONFIG_HOME'] || path.join(home, '.config');
  const data = environment['XDG_DATA_HOME'] || path.join(home, '.local/share');
  return {
    envFile: path.join(settings, 'hearthkey/hearthkey.env'),
    dataDir: path.join(data, 'hearthkey'),
  };
}

/**
 * Where running services write which admin socket is theirs (a file for each, `PID.json`), best first.
 *
 * @param environment - `HEARTHKEY_RUN_DIR` names another folder, or `none`
 */
function announcementFolders(environment: Environment): string[] {
  const given = environment['HEARTHKEY_RUN_DIR'] ?? '';
  if (given === 'none') return [];
  if (given !== '') return [given];
  const ofUser = environment['XDG_RUNTIME_DIR'] ?? '';
  return ['/run/hearthkey', ...(ofUser === '' ? [] : [path.join(ofUser, 'hearthkey')])];
}

export = { placesOf, announcementFolders, packagedFolder };
