import { parseArgs } from 'node:util';
import { AppError, ReturnCode } from '../errors.js';

export const kinds = ['beside-hestia', 'in-front', 'standalone', 'join'] as const;
export type Kind = (typeof kinds)[number];

export interface SetupOptions {
  kind: Kind | undefined;
  isHelp: boolean;
  isUndo: boolean;
  isDryRun: boolean;
  isYes: boolean;
  hestiaRoot: string | undefined;
  nginx: string | undefined;
  nginxConf: string | undefined;
  socket: string | undefined;
  acceptSkipped: boolean;
  upstreamUrl: string | undefined;
  accessKey: string | undefined;
  secretFile: string | undefined;
  ca: string | undefined;
  databaseUrlFile: string | undefined;
  redisUrlFile: string | undefined;
  pepperFile: string | undefined;
}

export const help = `Usage: hearthkey setup [KIND] [OPTION]…
       hearthkey setup --undo [--dry-run]

Sets this machine up. It checks everything first, prints each step before it does it, and undoes its steps when one
fails. It may be run again at any time. Without KIND it asks.

Kinds:
  beside-hestia   answer the API of the Hestia server on this machine
  in-front        stand in front of a panel on another machine
  standalone      serve the API with users and keys of its own
  join            become one more node on a PostgreSQL database that other nodes use

Options:
  --dry-run                  check, and print the steps; change nothing
  --yes                      do not ask before the first step
  --undo                     bring everything back that set-ups have changed
 beside-hestia:
  --hestia-root DIR          the tree of the panel (/usr/local/hestia)
  --nginx FILE               the panel's nginx program
  --nginx-conf FILE          the file with the server that answers the API
  --socket PATH              where nginx reaches Hearthkey (/run/hearthkey/http.sock)
  --accept-skipped           go on when the import skips something
 in-front:
  --upstream-url URL         the panel, such as https://panel.example.com:8083
  --access-key ID            the ID of Hearthkey's own access key there
  --secret-file FILE         a file with its secret; - for standard input; asked for otherwise
  --ca FILE                  a PEM file with the panel's own certificate
 join:
  --database-url-file FILE   a file with the URL of the database; - for standard input; asked for otherwise
  --redis-url-file FILE      a file with the URL of Redis
  --pepper-file FILE         a file with the pepper of the other nodes; - for standard input

Examples:
  hearthkey setup beside-hestia --dry-run
  hearthkey setup beside-hestia --yes
  hearthkey setup in-front --upstream-url https://panel.example.com:8083 --access-key InNqgp01kO3v0W22eg6Z
  ssh node1 cat /var/lib/hearthkey/pepper | hearthkey setup join --database-url-file ./url --pepper-file - --yes
  hearthkey setup --undo

Exit codes: 0 done; 1 bad usage, or not confirmed; 2 something refused; 3 something is missing; 4 something is in the
way; 10 no rights; 12 a file can't be understood; 13 a step failed; 14 a service or another set-up runs; 15 something
doesn't answer; 17 the database. Secrets are taken from files, standard input or a terminal, never from arguments.
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** @throws AppError 1 */
export function readOptions(words: readonly string[]): SetupOptions {
  const { values, positionals } = parse(words);
  const [kind, second] = positionals;
  const known = kinds.find((name) => name === kind);
  if (second !== undefined || (kind !== undefined && known === undefined)) {
    throw new AppError(ReturnCode.ARGS, `expected one of ${kinds.join(', ')}, not ${second ?? kind ?? ''}`);
  }
  if (values.undo === true && known !== undefined)
    throw new AppError(ReturnCode.ARGS, '--undo brings back all that was set up: it takes no kind');
  return {
    kind: known,
    isHelp: values.help ?? false,
    isUndo: values.undo ?? false,
    isDryRun: values['dry-run'] ?? false,
    isYes: values.yes ?? false,
    hestiaRoot: values['hestia-root'],
    nginx: values.nginx,
    nginxConf: values['nginx-conf'],
    socket: values.socket,
    acceptSkipped: values['accept-skipped'] ?? false,
    upstreamUrl: values['upstream-url'],
    accessKey: values['access-key'],
    secretFile: values['secret-file'],
    ca: values.ca,
    databaseUrlFile: values['database-url-file'],
    redisUrlFile: values['redis-url-file'],
    pepperFile: values['pepper-file'],
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        ...{ help: flag, undo: flag, 'dry-run': flag, yes: flag, 'accept-skipped': flag },
        ...{ 'hestia-root': text, nginx: text, 'nginx-conf': text, socket: text },
        ...{ 'upstream-url': text, 'access-key': text, 'secret-file': text, ca: text },
        ...{ 'database-url-file': text, 'redis-url-file': text, 'pepper-file': text },
      },
    });
  } catch (error) {
    throw new AppError(
      ReturnCode.ARGS,
      `${(error as Error).message.split('. ')[0] ?? ''}; see hearthkey setup --help`,
    );
  }
}
