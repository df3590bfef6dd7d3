import type { ApiDto } from '../../administration/apis/api.dto.js';
import { usePage } from '../page.js';
import type { KeyFields } from './key-fields.js';
import { keyFormTexts } from './key-form.texts.js';
import type { KeyOwner } from './key-owner.js';
import { grantedCommands, keySentence } from './key-sentence.js';
import { sentenceTexts } from './key-sentence.texts.js';

interface LiveSentenceProps {
  fields: KeyFields;
  apis: readonly ApiDto[];
  rootUser: string | undefined;
  /** Users whom a key of theirs may be made for, and who are administrators. */
  administrators: readonly string[];
  /** Of a key that may keep its end: ISO 8601. */
  presentEnd?: string | undefined;
}

const dayMs = 86_400_000;

/** What the key may do as the form stands; the script says it anew with each entry (console.js). */
export function LiveSentence({ fields, apis, rootUser, administrators, presentEnd }: LiveSentenceProps) {
  const { language, t } = usePage();
  const owner = ownerIn(fields.user, rootUser, administrators);
  const sentence = keySentence(language, {
    granted: owner === 'root_user' && fields.isEverything ? undefined : grantedCommands(fields, owner, apis),
    ...{ user: fields.user, owner, addressCount: fields.allowedAddresses.length },
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
        data-administrators={JSON.stringify(administrators)}
        data-end={presentEnd ?? ''}
      >
        {sentence}
      </p>
    </div>
  );
}

function ownerIn(user: string, rootUser: string | undefined, administrators: readonly string[]): KeyOwner {
  if (user === rootUser) return 'root_user';
  return administrators.includes(user) ? 'administrator' : 'user';
}

function endOf({ end, endDay }: KeyFields): string | undefined {
  if (end === 'date') return Number.isNaN(Date.parse(endDay)) ? undefined : endDay;
  const days = /^(\d+)d$/.exec(end)?.[1];
  return days === undefined ? undefined : new Date(Date.now() + Number(days) * dayMs).toISOString();
}
