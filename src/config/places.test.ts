import { describe, expect, it } from '@jest/globals';
import places from './places.cjs';

const { announcementFolders, placesOf } = places;
const system = { envFile: '/etc/hearthkey/hearthkey.env', dataDir: '/var/lib/hearthkey' };
const home = { HOME: '/home/ann' };

describe('an installation', () => {
  it('that is a clone has settings and data in its own folder', () => {
    const own = { envFile: '/opt/hearthkey/.env', dataDir: '/opt/hearthkey/data' };
    for (const isRoot of [true, false]) expect(placesOf('/opt/hearthkey', home, isRoot)).toEqual(own);
  });

  it("of Debian's package has the places of the system, for every user", () => {
    for (const isRoot of [true, false]) expect(placesOf('/usr/lib/hearthkey', home, isRoot)).toEqual(system);
  });

  it('of the npm archive keeps nothing where an upgrade would remove it', () => {
    const folder = '/usr/local/lib/node_modules/hearthkey';
    expect(placesOf(folder, home, true)).toEqual(system);
    expect(placesOf(folder, home, false)).toEqual({
      envFile: '/home/ann/.config/hearthkey/hearthkey.env',
      dataDir: '/home/ann/.local/share/hearthkey',
    });
    const xdg = { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' };
    expect(placesOf(folder, { ...home, ...xdg }, false)).toEqual({
      envFile: '/c/hearthkey/hearthkey.env',
      dataDir: '/d/hearthkey',
    });
  });
});

describe('running services are announced', () => {
  it.each([
    ['in the place of the system', {}, ['/run/hearthkey']],
    [
      'also in that of the user',
      { XDG_RUNTIME_DIR: '/run/user/7' },
      ['/run/hearthkey', '/run/user/7/hearthkey'],
    ],
    ['where a setting says', { HEARTHKEY_RUN_DIR: '/srv/run', XDG_RUNTIME_DIR: '/run/user/7' }, ['/srv/run']],
    ['nowhere where a setting says so', { HEARTHKEY_RUN_DIR: 'none' }, []],
  ])('%s', (_what, environment, folders) => {
    expect(announcementFolders(environment)).toEqual(folders);
  });
});
