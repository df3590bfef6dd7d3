import { RoleFileError, parseRoleFile } from '../apis/role-file.js';
import { AppError, notFound, ReturnCode } from '../errors.js';
import { HestiaTree, TreeError } from '../import/read-tree.js';
import { ConfError, parseSettings } from '../text/conf-file.js';

const settingsLimitBytes = 262_144;
const roleLimitBytes = 262_144;

/** What the panel's tree has, as far as a set-up says and checks it. */
export interface TreeFacts {
  rootUser: string;
  api: string;
  apiSystem: string;
  allowedAddresses: string;
  isReadOnly: boolean;
  users: number;
  keys: number;
  legacyKeys: number;
  roles: number;
  /** Role files that can't be read, with the reason. */
  badRoles: string[];
}

/** @throws AppError 3 (no tree), 12 (its settings are malformed) */
export async function readTreeFacts(root: string): Promise<TreeFacts> {
  const tree = new HestiaTree(root);
  const conf = await readConf(tree);
  const names = async (folder: string): Promise<string[]> => {
    try {
      return await tree.list(folder);
    } catch (error) {
      throw new AppError(ReturnCode.FORBIDDEN, `${root}/${folder} ${(error as Error).message}`);
    }
  };
  const users = await names('data/users');
  const rootUser = conf.get('ROOT_USER') ?? 'admin';
  if (!users.includes(rootUser))
    throw notFound(`${root}/data/users/${rootUser}, the folder of the root user,`);
  const roles = await names('data/api');
  const bad = await Promise.all(roles.map((name) => problemOf(tree, name)));
  return {
    rootUser,
    api: conf.get('API') ?? '',
    apiSystem: conf.get('API_SYSTEM') ?? '',
    allowedAddresses: conf.get('API_ALLOWED_IP') ?? '',
    isReadOnly: conf.get('DEMO_MODE') === 'yes',
    users: users.length,
    keys: (await names('data/access-keys')).length,
    legacyKeys: (await names('data/keys')).length,
    roles: roles.length,
    badRoles: bad.filter((problem) => problem !== undefined),
  };
}

async function readConf(tree: HestiaTree): Promise<Map<string, string>> {
  const counts = new Set(['ROOT_USER', 'API', 'API_SYSTEM', 'API_ALLOWED_IP', 'DEMO_MODE']);
  try {
    return parseSettings(await tree.read('conf/hestia.conf', settingsLimitBytes), counts);
  } catch (error) {
    if (error instanceof TreeError)
      throw notFound(`${tree.root}: conf/hestia.conf ${error.message}; a Hestia tree there`);
    if (error instanceof ConfError)
      throw new AppError(ReturnCode.PARSING, `conf/hestia.conf: ${error.message}`);
    throw error;
  }
}

async function problemOf(tree: HestiaTree, name: string): Promise<string | undefined> {
  try {
    parseRoleFile(await tree.read(`data/api/${name}`, roleLimitBytes));
    return undefined;
  } catch (error) {
    if (error instanceof TreeError || error instanceof RoleFileError)
      return `data/api/${name}: ${error.message}`;
    throw error;
  }
}
