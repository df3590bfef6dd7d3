import type { ApiDto } from '../../administration/apis/api.dto.js';
import { Badge } from '../components/badge.js';
import { Empty } from '../components/empty.js';
import { usePage } from '../page.js';
import { apiListTexts } from './api-list.texts.js';
import { apiPath } from './api-paths.js';
import { Table } from '../components/table.js';

/** The list with the number of keys of each, however long counting takes. */
const countedPath = '/console/apis?counted=1';

/** API roles: all of them for the root user, for another one those that his keys can have. */
export function ApiList({ apis, isCounted }: { apis: readonly ApiDto[]; isCounted: boolean }) {
  const { t, session } = usePage();
  const texts = t(apiListTexts);
  const isRootUser = session?.isRootUser === true;
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
        {isRootUser && (
          <a class="button primary" href="/console/apis/new" data-key="n">
            {texts.newApi}
          </a>
        )}
      </div>
      {!isRootUser && apis.length > 0 && <p>{texts.intro}</p>}
      {apis.length > 0 && (
        <div id="apis" {...(!isCounted && { 'data-loads': countedPath, 'data-part': 'apis' })}>
          <ApiTable apis={apis} isRootUser={isRootUser} />
          {!isCounted && (
            <p class="muted" role="status">
              {texts.counting} <a href={countedPath}>{texts.countingLink}</a>
            </p>
          )}
        </div>
      )}
      {apis.length === 0 && (
        <Empty title={isRootUser ? texts.empty : texts.emptyOwn}>
          {isRootUser && <p>{texts.emptyHint}</p>}
        </Empty>
      )}
    </>
  );
}

function ApiTable({ apis, isRootUser }: { apis: readonly ApiDto[]; isRootUser: boolean }) {
  const texts = usePage().t(apiListTexts);
  const { columns } = texts;
  return (
    <Table
      label={texts.title}
      columns={[columns.name, columns.role, columns.commands, { text: columns.keys, isNumber: true }]}
    >
      {apis.map((api) => (
        <ApiRow key={api.name} api={api} isRootUser={isRootUser} />
      ))}
    </Table>
  );
}

function ApiRow({ api, isRootUser }: { api: ApiDto; isRootUser: boolean }) {
  const texts = usePage().t(apiListTexts);
  const { name, role, commands, problem, keyCount } = api;
  const unique = [...new Set(commands)];
  return (
    <tr>
      <th scope="row">{isRootUser ? <a href={apiPath(name)}>{name}</a> : name}</th>
      <td>
        {problem === null ? (
          role === null ? (
            texts.noRole
          ) : (
            texts.roles[role]
          )
        ) : (
          <>
            <Badge tone="bad">{texts.broken}</Badge> <bdi>{texts.problem(problem)}</bdi>
          </>
        )}
      </td>
      <td>
        {unique.length === 0 ? (
          '0'
        ) : (
          <details>
            <summary>{unique.length}</summary>
            <code>{unique.join(' ')}</code>
          </details>
        )}
      </td>
      <td class="number">
        {keyCount === undefined || keyCount === 0 ? (
          (keyCount ?? '…')
        ) : (
          <a href={`/console/keys?permission=${name}`} aria-label={texts.keysOf(name, keyCount)}>
            {keyCount}
          </a>
        )}
      </td>
    </tr>
  );
}
