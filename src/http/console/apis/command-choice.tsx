import type { CommandDto } from '../../administration/insight/insight.dto.js';
import { Narrow } from '../components/narrow.js';
import { TextArea } from '../components/fields.js';
import { usePage } from '../page.js';
import { apiEditorTexts } from './api-editor.texts.js';
import type { ApiFields } from './api-fields.js';
import { UserPlaces } from './api-page.js';
import { groupCommands } from './command-groups.js';

interface CommandChoiceProps {
  fields: ApiFields;
  catalogue: readonly CommandDto[];
  error: string | undefined;
}

/** The commands of the catalogue in groups, those of the role first; and those that the catalogue doesn't know. */
export function CommandChoice({ fields, catalogue, error }: CommandChoiceProps) {
  const texts = usePage().t(apiEditorTexts);
  const [chosen, safe] = [new Set(fields.commands), new Set(fields.safe)];
  const present = catalogue.filter(({ name }) => chosen.has(name));
  const groups = [
    ...(present.length === 0 ? [] : [{ name: texts.chosen, commands: present }]),
    ...groupCommands(catalogue.filter(({ name }) => !chosen.has(name))),
  ];
  const known = new Set(catalogue.map(({ name }) => name));
  const further = fields.commands.filter((name) => !known.has(name));
  return (
    <fieldset id="commands" class={error === undefined ? undefined : 'wrong'} tabIndex={-1}>
      <legend>{texts.commands}</legend>
      {error !== undefined && <p class="error">{error}</p>}
      <details class="notice warn" open={safe.size > 0}>
        <summary>{texts.safeTitle}</summary>
        <p>{texts.safeHint}</p>
      </details>
      <Narrow of="catalogue" label={texts.search} />
      <div id="catalogue">
        {groups.map(({ name, commands }) => (
          <details key={name} data-group={name === texts.chosen ? 'open' : ''} open={name === texts.chosen}>
            <summary>
              {name === '' || name === texts.chosen ? name || texts.others : <code>{name}</code>}{' '}
              {`(${String(commands.length)})`}
            </summary>
            {commands.map((command) => (
              <Command key={command.name} {...{ command, chosen, safe }} />
            ))}
          </details>
        ))}
      </div>
      <TextArea
        {...{ name: 'further', label: texts.further, hint: texts.furtherHint, rows: 3 }}
        {...{ value: further.join('\n'), spellcheck: false }}
      />
    </fieldset>
  );
}

interface CommandProps {
  command: CommandDto;
  chosen: ReadonlySet<string>;
  safe: ReadonlySet<string>;
}

/** `SAFE` is there where it has a meaning: a command that names its user needs none. */
function Command({ command, chosen, safe }: CommandProps) {
  const texts = usePage().t(apiEditorTexts);
  const { name, description, options, userPositions } = command;
  return (
    <div data-item class="command">
      <label class="check">
        <input type="checkbox" name="commands" value={name} checked={chosen.has(name)} />
        <span>
          <code>{name}</code> <code class="muted">{options}</code>
          <br />
          {/* As its command has it: English, as a rule. */}
          <span lang="en">{description}</span> <UserMark command={command} />
        </span>
      </label>
      {(userPositions.length === 0 || safe.has(name)) && (
        <label class="check">
          <input
            type="checkbox"
            name="safe"
            value={name}
            checked={safe.has(name)}
            aria-label={texts.safeOf(name)}
          />
          <span>{texts.safe}</span>
        </label>
      )}
    </div>
  );
}

function UserMark({ command }: { command: CommandDto }) {
  return (
    <span class="muted">
      (USER: <UserPlaces command={command} />)
    </span>
  );
}
