import type { ApiProblem } from '../api/api-problem.js';
import { TextField } from '../components/fields.js';
import { usePage } from '../page.js';
import { loginTexts } from './texts.js';

export interface LoginFormProps {
  problem?: ApiProblem | undefined;
  user?: string;
  next: string;
}

/** By password, by passkey (with the script), or by the token of a link, which the script reads from the URL. */
export function LoginForm({ problem, user = '', next }: LoginFormProps) {
  const texts = usePage().t(loginTexts);
  return (
    <section class="login">
      <h1>{texts.title}</h1>
      {problem !== undefined && (
        <p class="notice wrong" role="alert">
          {problem.message}
        </p>
      )}
      <form method="post" action="/console/login">
        <input type="hidden" name="next" value={next} />
        <TextField
          {...{ name: 'user', label: texts.user, value: user, maxLength: 30, required: true }}
          {...{ autocomplete: 'username', autocapitalize: 'none', spellcheck: false }}
        />
        <TextField
          {...{ name: 'password', label: texts.password, type: 'password', maxLength: 1000, required: true }}
          autocomplete="current-password"
        />
        <button class="primary">{texts.logIn}</button>
      </form>
      <p class="needs-script">
        <button type="button" class="quiet" data-passkey={next} data-failed={texts.passkeyFailed}>
          {texts.passkey}
        </button>
      </p>
      <details>
        <summary>{texts.byLink}</summary>
        <form method="post" action="/console/login" data-takes-token>
          <input type="hidden" name="next" value={next} />
          <TextField
            {...{ name: 'token', label: texts.token, hint: texts.tokenHint, maxLength: 100, required: true }}
            {...{ autocomplete: 'off', spellcheck: false }}
          />
          <button>{texts.logIn}</button>
        </form>
      </details>
      <p class="muted">
        {texts.noPassword} <code>hearthkey login-link USER</code>
      </p>
    </section>
  );
}
