import type { ApiDto } from '../../administration/apis/api.dto.js';
import { Narrow } from '../components/narrow.js';
import { usePage } from '../page.js';
import { keyFormTexts } from './key-form.texts.js';

interface RoleChoiceProps {
  apis: readonly ApiDto[];
  chosen: readonly string[];
  error?: string | undefined;
  /** Whether the key may be given everything: it is, or may be, the root user's. */
  offersEverything: boolean;
  isEverything: boolean;
}

/** The API roles of a key as check boxes, with what each grants; and, for the root user's key, everything. */
export function RoleChoice({ apis, chosen, error, offersEverything, isEverything }: RoleChoiceProps) {
  const texts = usePage().t(keyFormTexts);
  const known = new Set(apis.map(({ name }) => name));
  const missing = chosen.filter((name) => !known.has(name));
  return (
    <fieldset id="permissions" class={error === undefined ? undefined : 'wrong'} tabIndex={-1}>
      <legend>{texts.mayDo}</legend>
      <p class="hint">{texts.mayDoHint}</p>
      {error !== undefined && <p class="error">{error}</p>}
      {apis.length === 0 && <p>{texts.noRoles}</p>}
      {apis.length > 5 && <Narrow of="roles" label={texts.searchRoles} />}
      <div id="roles">
        {apis.map((api) => (
          <Role key={api.name} api={api} isChecked={chosen.includes(api.name)} />
        ))}
        {missing.map((name) => (
          <label class="check" key={name}>
            <input type="checkbox" name="permissions" value={name} checked />
            <span>
              <strong>{name}</strong> <span class="muted">{texts.missingRole}</span>
            </span>
          </label>
        ))}
      </div>
      {offersEverything && (
        <div class="notice warn">
          <label class="check">
            <input type="checkbox" name="everything" value="yes" checked={isEverything} />
            <strong>{texts.everything}</strong>
          </label>
          <p>{texts.everythingWarning}</p>
        </div>
      )}
    </fieldset>
  );
}

function Role({ api: { name, role, commands, problem }, isChecked }: { api: ApiDto; isChecked: boolean }) {
  const texts = usePage().t(keyFormTexts);
  const unique = [...new Set(commands)];
  return (
    <div data-item>
      <label class="check">
        <input
          type="checkbox"
          name="permissions"
          value={name}
          checked={isChecked}
          data-commands={problem === null ? unique.join(' ') : ''}
          data-role={role ?? ''}
        />
        <span>
          <strong>{name}</strong>{' '}
          <span class="muted">{role !== 'user' && problem === null && texts.ofRootUser}</span>
          {problem !== null && <span class="bad-text">{texts.broken}</span>}
        </span>
      </label>
      {unique.length > 0 && (
        <details class="under-check">
          <summary>{texts.commands(unique.length)}</summary>
          <p>
            <code>{unique.join(' ')}</code>
          </p>
        </details>
      )}
    </div>
  );
}
