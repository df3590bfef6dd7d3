import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import type { ApiProblem } from '../api/api-problem.js';
import { Badge } from '../components/badge.js';
import { CsrfField } from '../components/csrf-field.js';
import { ProblemBox } from '../components/problem-box.js';
import { usePage } from '../page.js';
import { KeyChildren } from './key-children.js';
import { KeyCommands } from './key-commands.js';
import { KeyChanges, KeyDenials } from './key-events.js';
import { KeyFactList } from './key-facts.js';
import { stateTones } from './key-list.js';
import { keyListTexts } from './key-list.texts.js';
import { keyPageTexts } from './key-page.texts.js';
import { sentenceOfKey } from './key-sentence.js';
import type { KeyView } from './key-view.js';
import { KeyTrialCard } from './key-trial.js';
import { keyUseTexts } from './key-use.texts.js';
import { PeriodForm } from './period-form.js';
import { UseChart } from './use-chart.js';

/** Everything about a key. */
export function KeyPage({ view, problem }: { view: KeyView; problem: ApiProblem | undefined }) {
  const { t, language } = usePage();
  const texts = t(keyPageTexts);
  const { accessKey, owner, apis, uses } = view;
  return (
    <>
      <div class="title-row">
        <h1>
          <code>{accessKey.accessKeyId}</code>{' '}
          <Badge tone={stateTones[accessKey.state]}>{t(keyListTexts).states[accessKey.state]}</Badge>
        </h1>
        <KeyActions accessKey={accessKey} />
      </div>
      <ProblemBox problem={problem} />
      {accessKey.isWeak && (
        <p class="notice warn">
          {texts.weak} <a href={`/console/keys/${accessKey.accessKeyId}/rotate`}>{texts.rotate}</a>
        </p>
      )}
      {accessKey.isCanary === true ? (
        <p class="notice warn">{texts.canary}</p>
      ) : (
        <p>{sentenceOfKey(language, accessKey, owner, apis)}</p>
      )}
      <section class="card">
        <h2>{texts.about}</h2>
        <KeyFactList accessKey={accessKey} quotas={view.quotas} apis={apis} />
      </section>
      <KeyTrialCard trial={view.trial} />
      <KeyChildren keys={view.children} />
      <section class="card">
        <h2>{texts.use}</h2>
        <PeriodForm days={view.days} />
        <UseChart uses={uses} />
      </section>
      <section class="card">
        <h2>{texts.commands}</h2>
        <KeyCommands view={view} />
        <p>
          <a href={`/console/keys/${accessKey.accessKeyId}/use`}>{t(keyUseTexts).link}</a>
        </p>
      </section>
      <section class="card">
        <h2>{texts.denials}</h2>
        <KeyDenials events={view.denials} />
      </section>
      <section class="card">
        <h2>{texts.events}</h2>
        <KeyChanges events={view.changes} />
        <p>
          <a href={`/console/record?accessKeyId=${accessKey.accessKeyId}`}>{texts.allEvents}</a>
        </p>
      </section>
    </>
  );
}

/** What an operator has suspended stays so for others: they have no way to unsuspend. */
function KeyActions({ accessKey: { accessKeyId, state } }: { accessKey: AccessKeyDto }) {
  const { t, session } = usePage();
  const texts = t(keyPageTexts);
  const path = `/console/keys/${accessKeyId}`;
  const isSuspended = state === 'suspended';
  return (
    <div class="actions">
      <a class="button" href={`${path}/change`}>
        {texts.change}
      </a>
      <a class="button" href={`${path}/rotate`}>
        {texts.rotate}
      </a>
      {(!isSuspended || session?.isRootUser === true) && (
        <form method="post" action={path}>
          <CsrfField />
          <button name="action" value={isSuspended ? 'unsuspend' : 'suspend'}>
            {isSuspended ? texts.unsuspend : texts.suspend}
          </button>
        </form>
      )}
      <a class="button danger" href={`${path}/delete`}>
        {texts.delete}
      </a>
    </div>
  );
}
