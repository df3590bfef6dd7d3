import type { PasswordJudge } from '../authorization/secrets/own-passwords.js';
import { PerAddressConcurrencyLimit } from '../concurrency/per-address-limit.js';
import { Semaphore } from '../concurrency/semaphore.js';
import { AppError, ReturnCode } from '../errors.js';
import { LoginRefusal } from '../sessions/sessions.js';
import { loneSurrogatePattern } from '../text/byte-text.js';
import { userNamePattern } from '../text/names.js';
import type { Backend } from './backends/backend.js';
import type { CommandResult } from './builtin-command.js';
import { pathPattern } from './builtin/users/password-files.js';

const command = 'v-check-user-password';
const limits = { concurrency: 2, queueLength: 64 };

/** No such user, one that is suspended, a wrong password, and what the panel takes for neither name nor password. */
const answersOfNo: ReadonlySet<number> = new Set([
  ...[ReturnCode.INVALID, ReturnCode.NOT_EXIST, ReturnCode.SUSPENDED, ReturnCode.PASSWORD],
]);

/** Where a panel supplies the users, it keeps their passwords: its own command judges them. */
export class PanelPasswords implements PasswordJudge {
  private readonly pool = new Semaphore(limits);
  private readonly places = new PerAddressConcurrencyLimit('passwords');

  constructor(
    private readonly backend: Backend,
    private readonly onProblem: (problem: string) => void,
  ) {}

  async judge(user: string, password: string, address: string) {
    // What can't be one is no argument of a program; a path would be read, and removed, by the panel.
    if (!userNamePattern.test(user) || !isPassword(password)) return undefined;
    const args = address === '' ? [user, password] : [user, password, address];
    const ran = await this.places.take(address, () => this.pool.run(() => this.backend.run(command, args)));
    if (ran === undefined)
      throw new AppError(ReturnCode.BUSY, 'too many passwords are being checked, try again');
    return this.believes(ran.result) ? () => Promise.resolve(true) : undefined;
  }

  private believes({ code, isMissing }: CommandResult): boolean {
    if (code === ReturnCode.OK) return true;
    if (isMissing !== true && answersOfNo.has(code)) return false;
    this.onProblem(`nobody can log in with a password: ${command} of the panel ended with ${String(code)}`);
    throw new LoginRefusal('panel_unavailable');
  }
}

function isPassword(text: string): boolean {
  const isText = text !== '' && text.length <= 1024 && !/[\0\r\n]/.test(text);
  return isText && !pathPattern.test(text) && !loneSurrogatePattern.test(text);
}
