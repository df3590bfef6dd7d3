import type { ComponentChildren } from 'preact';
import { Badge } from '../components/badge.js';
import { CopyBox } from '../components/copy-box.js';
import { usePage } from '../page.js';
import { checklistTexts } from './checklist.texts.js';
import { steps, type Checklist, type Step } from './read-checklist.js';

interface ChecklistPageProps {
  checklist: Checklist;
  /** Where the service is reached, without a slash at its end. */
  publicUrl: string;
}

/** What a new installation needs. The script reads it again when something has been recorded that may tick a step. */
export function ChecklistPage({ checklist, publicUrl }: ChecklistPageProps) {
  const texts = usePage().t(checklistTexts);
  const { done, accessKeyId = 'ACCESS_KEY_ID', newestEvent } = checklist;
  const curl = `curl -H "Authorization: Bearer ${accessKeyId}:SECRET" ${publicUrl}/v1/whoami`;
  return (
    <div data-results>
      <div class="title-row">
        <h1>{texts.title}</h1>
      </div>
      <p>{texts.intro}</p>
      <ol class="checklist" data-follows={`/console/record/live?after=${String(newestEvent)}`} data-refreshes>
        {steps.map((step) => (
          <ChecklistStep key={step} step={step} isDone={done[step]}>
            {step === 'request' ? (
              <>
                <CopyBox id="curl" label={texts.request.curl} text={curl} />
                <a href="/console/record?actor=programs&outcome=deny">{texts.request.why}</a>
              </>
            ) : (
              <a class="button" href={paths[step]}>
                {texts[step].action}
              </a>
            )}
          </ChecklistStep>
        ))}
      </ol>
      <p>
        <a href="/console?all=1">{texts.overview}</a>
      </p>
    </div>
  );
}

const paths = { user: '/console/users', key: '/console/keys/new', callers: '/console/callers' };

interface StepProps {
  step: Step;
  isDone: boolean;
  children: ComponentChildren;
}

function ChecklistStep({ step, isDone, children }: StepProps) {
  const texts = usePage().t(checklistTexts);
  const { title, text } = texts[step];
  return (
    <li class="card" data-step={step}>
      <h2>
        {title} <Badge tone={isDone ? 'good' : 'plain'}>{isDone ? texts.done : texts.open}</Badge>
      </h2>
      <p>{text}</p>
      {children}
    </li>
  );
}
