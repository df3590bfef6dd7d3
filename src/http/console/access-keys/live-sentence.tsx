import type { ApiDto } from '../../administration/apis/api.dto.js';
import { usePage } from '../page.js';
import type { KeyFields } from './key-fields.js';
import { keyFormTexts } from './key-form.texts.js';
import { grantedCommands, keySentence } from './key-sentence.js';
import { sentenceTexts } from './key-sentence.texts.js';

interface LiveSentenceProps {
  fields: KeyFields;
  apis: readonly ApiDto[];
  rootUser: string | undefined;
  /** Of a key that may keep its end: ISO 8601. */
  presentEnd?: string | undefined;
}

const dayMs = 86_400_000;

/** What the key may do as the form stands; the script says it anew with each entry (console.js). */
export function LiveSentence({ fields, apis, rootUser, presentEnd }: LiveSentenceProps) {
  const { language, t } = usePage();
  const isRootUser = fields.user === rootUser;
  const sentence = keySentence(language, {
    commandCount:
      isRootUser && fields.isEverything ? undefined : grantedCommands(fields, isRootUser, apis).size,
    ...{ user: fields.user, isRootUser, addressCount: fields.allowedAddresses.length },
    ...{ end: fields.end === 'keep' ? presentEnd : endOf(fields), rateLimit: fields.rateLimit },
    ...{ quota: fields.quota, only: fields.only },
  });
  return (
    <div class="notice needs-script">
      <h2>{t(keyFormTexts).summary}</h2>
      <p
        id="sentence"
        aria-live="polite"
        data-sentence={JSON.stringify(t(sentenceTexts))}
        data-root={rootUser ?? ''}
        data-end={presentEnd ?? ''}
      >
        {sentence}
      </p>
    </div>
  );
}

function endOf({ end, endDay }: KeyFields): string | undefined {
  if (end === 'date') return Number.isNaN(Date.parse(endDay)) ? undefined : endDay;
  const days = /^(\d+)d$/.exec(end)?.[1];
  return days === undefined ? undefined : new Date(Date.now() + Number(days) * dayMs).toISOString();
}
