/** The table of docs/client-address.md, as the tests that run it read it. */
import { readDocument } from './documents.js';

export interface AddressRow {
  /** The headers as the page has them. */
  with: string;
  /** The address at the other end of the connection. */
  from: string;
  /** In their order; a name may come twice. */
  headers: [name: string, value: string][];
  /** Empty: nobody knows. */
  client: string;
}

export function documentedRows(): AddressRow[] {
  const lines = readDocument('docs/client-address.md').split('\n');
  const rows = lines.filter((line) => /^\| `[0-9a-fA-F.:]+` /.test(line));
  if (rows.length < 40) throw new Error('docs/client-address.md has no table any more');
  return rows.map((line) => {
    const [from = '', headers = '', client = ''] = line.slice(1, -1).split('|');
    return {
      with: quoted(headers).join(' and '),
      from: quoted(from)[0] ?? '',
      headers: quoted(headers).map((text) => {
        const colon = text.indexOf(': ');
        return [text.slice(0, colon), text.slice(colon + 2)];
      }),
      client: quoted(client)[0] ?? '',
    };
  });
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}
