import type { AccessKeyPageDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiDto } from '../../administration/apis/api.dto.js';
import type { CommandDto } from '../../administration/insight/insight.dto.js';
import { Badge } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { usePage } from '../page.js';
import { apiListTexts } from './api-list.texts.js';
import { apiPageTexts } from './api-page.texts.js';
import { apiPath, editorPath } from './api-paths.js';
import { Table } from '../components/table.js';

interface ApiPageProps {
  api: ApiDto;
  catalogue: readonly CommandDto[];
  keys: AccessKeyPageDto;
}

/** One API role: its commands, and the keys that have it. */
export function ApiPage({ api, catalogue, keys }: ApiPageProps) {
  const { t } = usePage();
  const [texts, { columns, roles, noRole, problem: problemText }] = [t(apiPageTexts), t(apiListTexts)];
  const { name, role, only, problem, isBuiltIn } = api;
  return (
    <>
      <div class="title-row">
        <h1>{name}</h1>
        <div class="actions">
          <a class="button" href={`/console/keys/new?permissions=${name}`}>
            {texts.newKey}
          </a>
          {!isBuiltIn && <FileActions name={name} />}
        </div>
      </div>
      {problem === null ? (
        <p>
          {columns.role}: {role === null ? noRole : roles[role]}
        </p>
      ) : (
        <div class="notice wrong">
          <p>
            <strong>{texts.brokenTitle}</strong>: <bdi>{problemText(problem)}</bdi>
          </p>
          <p>{texts.brokenHint}</p>
        </div>
      )}
      {isBuiltIn && <p class="notice">{texts.builtIn}</p>}
      {only !== null && (
        <p>
          {texts.only}: <code>{only.join(' ')}</code>
        </p>
      )}
      <Commands api={api} catalogue={catalogue} />
      <section class="card">
        <h2>{texts.keys}</h2>
        <Keys name={name} keys={keys} />
      </section>
    </>
  );
}

function FileActions({ name }: { name: string }) {
  const texts = usePage().t(apiPageTexts);
  return (
    <>
      <a class="button" href={editorPath(name)}>
        {texts.change}
      </a>
      <form method="post" action={apiPath(name)}>
        <CsrfField />
        <button class="danger">{texts.delete}</button>
      </form>
    </>
  );
}

function Commands({ api, catalogue }: Omit<ApiPageProps, 'keys'>) {
  const texts = usePage().t(apiPageTexts);
  const commands = [...new Set(api.commands)].sort();
  const known = new Map(catalogue.map((command) => [command.name, command]));
  if (commands.length === 0) return <p>{texts.noCommands}</p>;
  return (
    <section class="card">
      <h2>{texts.commands(commands.length)}</h2>
      <Table
        label={texts.commands(commands.length)}
        columns={[texts.command, texts.what, texts.userPosition]}
      >
        {commands.map((name) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code> {api.safe.includes(name) && <Badge tone="warn">{texts.safe}</Badge>}
            </th>
            <td>
              <Description text={known.get(name)?.description} />
            </td>
            <td>
              <UserPlaces command={known.get(name)} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** As its command has it: English, as a rule. */
function Description({ text }: { text: string | undefined }) {
  const { unknown } = usePage().t(apiPageTexts);
  return text === undefined ? <span class="muted">{unknown}</span> : <span lang="en">{text}</span>;
}

/** Where a key's own user has to stand among the arguments. */
export function UserPlaces({ command }: { command: CommandDto | undefined }) {
  const texts = usePage().t(apiPageTexts);
  if (command === undefined) return null;
  const { userPositions } = command;
  if (userPositions.length === 0) return <span class="muted">{texts.noUser}</span>;
  return <span class="nowrap">{texts.position(userPositions.join(', '))}</span>;
}

function Keys({ name, keys: { items, next } }: { name: string; keys: AccessKeyPageDto }) {
  const texts = usePage().t(apiPageTexts);
  if (items.length === 0) return <p>{texts.noKeys}</p>;
  return (
    <>
      <ul class="plain">
        {items.map(({ accessKeyId, user, comment }) => (
          <li key={accessKeyId}>
            <a href={`/console/keys/${accessKeyId}`}>
              <code>{accessKeyId}</code>
            </a>{' '}
            {user} {comment !== '' && <bdi class="muted">{comment}</bdi>}
          </li>
        ))}
      </ul>
      {next !== null && (
        <p>
          <a href={`/console/keys?permission=${name}`}>{texts.allKeys}</a>
        </p>
      )}
    </>
  );
}
