import type { UserDto } from '../../administration/users/user.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { CsrfField } from '../components/csrf-field.js';
import { TextField } from '../components/fields.js';
import { Moment } from '../components/moment.js';
import { ProblemBox } from '../components/problem-box.js';
import { layoutTexts } from '../layout/texts.js';
import { usePage } from '../page.js';
import { UserStanding, UserState } from './user-list.js';
import { usersTexts } from './users.texts.js';

export interface UserPageProps {
  user: UserDto;
  problem?: ApiProblem | undefined;
  isNameWrong?: boolean;
}

/** What is known of a user, and what an operator may do with it. */
export function UserPage({ user, problem, isNameWrong = false }: UserPageProps) {
  const texts = usePage().t(usersTexts);
  const name = encodeURIComponent(user.name);
  return (
    <>
      <div class="title-row">
        <h1>{user.name}</h1>
        <p class="actions">
          <a href={`/console/keys?user=${name}`}>{texts.links.keys}</a>
          <a href={`/console/sessions?user=${name}`}>{texts.links.sessions}</a>
          <a href={`/console/record?user=${name}`}>{texts.links.record}</a>
        </p>
      </div>
      <ProblemBox problem={problem} />
      <section class="card">
        <UserFacts user={user} />
      </section>
      {!user.isRootUser && <StateForms name={user.name} isSuspended={user.isSuspended} />}
      {!user.isRootUser && <RoleForm name={user.name} isAdministrator={user.role === 'admin'} />}
      <section class="card">
        <h2>{texts.passwordTitle}</h2>
        <PasswordForm action={`/console/users/${name}/password`} user={user.name} problem={problem} />
      </section>
      {!user.isRootUser && <DeleteForm name={user.name} isNameWrong={isNameWrong} />}
    </>
  );
}

function UserFacts({ user }: { user: UserDto }) {
  const { columns, created } = usePage().t(usersTexts);
  return (
    <dl class="facts">
      <dt>{columns.state}</dt>
      <dd>
        <UserState user={user} /> <UserStanding user={user} />
      </dd>
      <dt>{columns.fullName}</dt>
      <dd>
        <bdi>{user.fullName}</bdi>
      </dd>
      <dt>{columns.email}</dt>
      <dd>
        <bdi>{user.email}</bdi>
      </dd>
      <dt>{columns.package}</dt>
      <dd>{user.package}</dd>
      {user.createdAt !== null && (
        <>
          <dt>{created}</dt>
          <dd>
            <Moment at={user.createdAt} />
          </dd>
        </>
      )}
    </dl>
  );
}

function StateForms({ name, isSuspended }: { name: string; isSuspended: boolean }) {
  const texts = usePage().t(usersTexts);
  const path = `/console/users/${encodeURIComponent(name)}`;
  return (
    <section class="card">
      <h2>{texts.actions}</h2>
      <form method="post" action={`${path}/${isSuspended ? 'unsuspend' : 'suspend'}`}>
        <CsrfField />
        <p class="hint">{texts.suspendHint}</p>
        <button>{isSuspended ? texts.unsuspend : texts.suspend}</button>
      </form>
      <form method="post" action={`${path}/login`}>
        <CsrfField />
        <h3>{texts.login}</h3>
        <p class="hint">{texts.loginHint}</p>
        <p class="actions">
          <button name="isDisabled" value="yes">
            {texts.loginOff}
          </button>
          <button name="isDisabled" value="no">
            {texts.loginOn}
          </button>
        </p>
      </form>
    </section>
  );
}

function RoleForm({ name, isAdministrator }: { name: string; isAdministrator: boolean }) {
  const texts = usePage().t(usersTexts);
  return (
    <section class="card">
      <h2>{texts.roleTitle}</h2>
      <form method="post" action={`/console/users/${encodeURIComponent(name)}/role`}>
        <CsrfField />
        <p class="hint">{texts.roleHint}</p>
        <button name="role" value={isAdministrator ? 'user' : 'admin'}>
          {isAdministrator ? texts.makeOrdinary : texts.makeAdministrator}
        </button>
      </form>
    </section>
  );
}

interface PasswordFormProps {
  action: string;
  user: string;
  problem?: ApiProblem | undefined;
}

export function PasswordForm({ action, user, problem }: PasswordFormProps) {
  const texts = usePage().t(usersTexts);
  return (
    <form class="narrow" method="post" action={action}>
      <CsrfField />
      {/* For password managers. */}
      <input
        class="hidden"
        name="username"
        value={user}
        autocomplete="username"
        readOnly
        aria-hidden
        tabIndex={-1}
      />
      <TextField
        {...{ name: 'password', label: texts.password, hint: texts.passwordHint, type: 'password' }}
        {...{ autocomplete: 'new-password', maxLength: 1000, required: true }}
        error={problem?.messageFor('password')}
      />
      <button>{texts.changePassword}</button>
    </form>
  );
}

function DeleteForm({ name, isNameWrong }: { name: string; isNameWrong: boolean }) {
  const { t } = usePage();
  const texts = t(usersTexts);
  return (
    <section class="card">
      <h2>{texts.deleteTitle}</h2>
      <form class="narrow" method="post" action={`/console/users/${encodeURIComponent(name)}/delete`}>
        <CsrfField />
        <TextField
          {...{ name: 'confirmation', label: texts.confirmName(name), hint: texts.deleteHint }}
          {...{ autocomplete: 'off', autocapitalize: 'none', spellcheck: false, required: true }}
          error={isNameWrong ? texts.confirmWrong : undefined}
        />
        <button class="danger">{t(layoutTexts).delete}</button>
      </form>
    </section>
  );
}
