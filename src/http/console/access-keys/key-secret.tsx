import type { NewAccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import { CopyBox } from '../components/copy-box.js';
import { Moment } from '../components/moment.js';
import { usePage } from '../page.js';
import { keySecretTexts } from './key-secret.texts.js';
import { commandSample, curlSample, envFile, phpSample } from './samples.js';

interface KeySecretProps {
  accessKey: NewAccessKeyDto;
  sentence: string;
  /** Where the reader reaches the service. */
  origin: string;
  /** What the key may run to begin with; undefined: nothing that is plain. */
  example: { command: string; args: readonly string[] } | undefined;
  isRotated: boolean;
}

/** The one page that shows a secret, with all that a program needs. Leaving it asks first (console.js). */
export function KeySecret({ accessKey, sentence, origin, example, isRotated }: KeySecretProps) {
  const { t, session } = usePage();
  const texts = t(keySecretTexts);
  const { accessKeyId, secretAccessKey, oldSecretValidUntil } = accessKey;
  const credentials = { origin, accessKeyId, secretAccessKey };
  return (
    <div data-once>
      <h1>{isRotated ? texts.rotatedTitle : texts.madeTitle}</h1>
      <p class="notice warn" role="alert">
        {texts.once}
      </p>
      {isRotated && <OldSecret until={oldSecretValidUntil} />}
      <p>{sentence}</p>
      <CopyBox id="key-id" label={texts.id} text={accessKeyId} />
      <CopyBox id="key-secret" label={texts.secret} text={secretAccessKey} />
      <CopyBox id="key-env" label={texts.env} text={envFile(credentials)} />
      <p class="needs-script">
        <button type="button" class="quiet" data-downloads="key-env" data-name={`${accessKeyId}.env`}>
          {texts.download}
        </button>
      </p>
      <p class="actions">
        <a class="button primary" href={`/console/keys/${accessKeyId}`} data-taken>
          {texts.taken}
        </a>
      </p>
      <h2>{texts.curl}</h2>
      <p class="muted">
        {texts.curlHint} {texts.addresses}{' '}
        {session?.isRootUser === true && (
          <a href="/console/callers" target="_blank">
            {texts.callers}
          </a>
        )}
      </p>
      <CopyBox id="key-curl" label="curl" text={curlSample(credentials)} />
      <CopyBox id="key-php" label={texts.php} text={phpSample} />
      {example !== undefined && (
        <CopyBox
          id="key-command"
          label={texts.command(example.command)}
          text={commandSample(credentials, example.command, example.args)}
        />
      )}
    </div>
  );
}

function OldSecret({ until }: { until: string | null }) {
  const texts = usePage().t(keySecretTexts);
  if (until === null) return <p>{texts.oldEnded}</p>;
  return (
    <p>
      {texts.oldUntil} <Moment at={until} />.
    </p>
  );
}

/** A form that was sent again, such as by loading its answer anew: it does nothing twice. */
export function AlreadyDone({ accessKeyId, isRotated }: { accessKeyId: string; isRotated: boolean }) {
  const texts = usePage().t(keySecretTexts);
  return (
    <>
      <h1>{texts.already}</h1>
      <p class="notice warn">{isRotated ? texts.alreadyRotated : texts.alreadyMade}</p>
      <p class="actions">
        <a class="button primary" href={`/console/keys/${accessKeyId}`}>
          {texts.toKey}
        </a>
        <a class="button" href={`/console/keys/${accessKeyId}/rotate`}>
          {texts.rotate}
        </a>
      </p>
    </>
  );
}
