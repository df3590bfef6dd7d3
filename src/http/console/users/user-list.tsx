import type { UserDto } from '../../administration/users/user.dto.js';
import { Badge } from '../components/badge.js';
import { Empty } from '../components/empty.js';
import { TextField } from '../components/fields.js';
import { Table } from '../components/table.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { usersTexts } from './users.texts.js';

/** More than these are found by their names. */
const mostRows = 200;

/** @param users - all: a panel lists its users as a whole */
export function UserList({ users }: { users: readonly UserDto[] }) {
  const { t, url } = usePage();
  const texts = t(usersTexts);
  const text = (url.searchParams.get('text') ?? '').toLowerCase();
  const found = users.filter((user) =>
    [user.name, user.fullName, user.email].some((part) => part.toLowerCase().includes(text)),
  );
  const shown = found.slice(0, mostRows);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
        <a class="button primary" href="/console/users/new" data-key="n">
          {texts.newUser}
        </a>
      </div>
      <form class="filters" method="get" role="search" data-live>
        <TextField name="text" type="search" label={texts.search} value={text} maxLength={100} isSearch />
        <div class="actions">
          <button>{t(layoutTexts).search}</button>
        </div>
      </form>
      <div data-results>
        {found.length === 0 ? <Empty title={texts.noMatch} /> : <UserTable users={shown} />}
        {found.length > shown.length && <p class="muted">{texts.shown(shown.length, found.length)}</p>}
      </div>
    </>
  );
}

function UserTable({ users }: { users: readonly UserDto[] }) {
  const texts = usePage().t(usersTexts);
  return (
    <Table label={texts.title} columns={Object.values(texts.columns)}>
      {users.map((user) => (
        <tr key={user.name}>
          <th scope="row">
            <a href={`/console/users/${encodeURIComponent(user.name)}`}>{user.name}</a>{' '}
            <UserStanding user={user} />
          </th>
          <td>
            <bdi>{user.fullName}</bdi>
          </td>
          <td>
            <bdi>{user.email}</bdi>
          </td>
          <td>{user.package}</td>
          <td>
            <UserState user={user} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Of an ordinary user nothing. */
export function UserStanding({ user: { isRootUser, role } }: { user: UserDto }) {
  const { root, administrator } = usePage().t(usersTexts);
  if (role === 'user') return null;
  return <Badge tone="plain">{isRootUser ? root : administrator}</Badge>;
}

export function UserState({ user: { isSuspended } }: { user: UserDto }) {
  const { states } = usePage().t(usersTexts);
  return <Badge tone={isSuspended ? 'bad' : 'good'}>{isSuspended ? states.suspended : states.active}</Badge>;
}
