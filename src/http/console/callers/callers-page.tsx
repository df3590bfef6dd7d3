import type { AllowedIpsDto, RefusedAddressesDto } from '../../administration/allowed-ips/allowed-ips.dto.js';
import type { SettingsDto } from '../../administration/settings/settings.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { Badge } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { Empty } from '../components/empty.js';
import { TextField } from '../components/fields.js';
import { ProblemBox } from '../components/problem-box.js';
import { usePage } from '../page.js';
import { AllowForm } from './allow-form.js';
import { callersTexts } from './callers.texts.js';
import { Question, type QuestionProps } from './question.js';
import { RefusedAddresses } from './refused-addresses.js';
import { isAllowed, isEverybody } from './shut-out.js';
import { Switches } from './switches.js';

export interface CallersPageProps {
  settings: SettingsDto;
  addresses: AllowedIpsDto;
  refused: RefusedAddressesDto;
  problem?: ApiProblem | undefined;
  /** What was entered, where it was refused. */
  entered?: string;
  question?: QuestionProps | undefined;
}

/** The switches and API_ALLOWED_IP. */
export function CallersPage(props: CallersPageProps) {
  const { settings, addresses, refused, problem, entered = '', question } = props;
  const texts = usePage().t(callersTexts);
  return (
    <>
      <div class="title-row">
        <h1>{texts.title}</h1>
      </div>
      <p>{texts.intro}</p>
      <ProblemBox problem={problem} />
      {question !== undefined && <Question {...question} />}
      <OwnAddress addresses={addresses} />
      <Switches settings={settings} />
      <section class="card">
        <h2>{texts.addresses}</h2>
        {addresses.items.length === 0 && (
          <Empty title={texts.nobody}>
            <p>{texts.nobodyHint}</p>
          </Empty>
        )}
        <Entries items={addresses.items} />
        <form method="post" action="/console/callers" class="narrow">
          <CsrfField />
          <TextField
            {...{ name: 'address', label: texts.add, hint: texts.addHint, value: entered }}
            {...{ error: problem?.messageFor('address'), maxLength: 49, required: true }}
            autocapitalize="none"
            spellcheck={false}
          />
          <button class="primary">{texts.addButton}</button>
        </form>
      </section>
      <RefusedAddresses refused={refused} />
    </>
  );
}

function OwnAddress({ addresses }: { addresses: AllowedIpsDto }) {
  const texts = usePage().t(callersTexts);
  const { requestSeenFrom } = addresses;
  if (requestSeenFrom === null) return <p class="notice">{texts.unknownAddress}</p>;
  const isIn = isAllowed(addresses);
  return (
    <div class="notice">
      <p>
        {texts.from} <code>{requestSeenFrom}</code>
        {'. '}
        {isIn ? texts.mayCall : texts.mayNotCall}
      </p>
      {!isIn && <AllowForm address={requestSeenFrom} text={texts.allowMine} />}
    </div>
  );
}

function Entries({ items }: { items: readonly string[] }) {
  const texts = usePage().t(callersTexts);
  return (
    <ul class="entries">
      {items.map((entry) => (
        <li key={entry}>
          <span>
            <code>{entry}</code> {isEverybody(entry) && <Badge tone="warn">{texts.everybody}</Badge>}
          </span>
          <form method="post" action="/console/callers/delete">
            <CsrfField />
            <input type="hidden" name="address" value={entry} />
            <button class="quiet">{texts.delete(entry)}</button>
          </form>
        </li>
      ))}
    </ul>
  );
}
