import { bytesOfText, loneSurrogatePattern } from '../../text/byte-text.js';
import { ReturnCode } from '../../errors.js';
import { commandNamePattern } from '../../text/names.js';
import type { CommandResult } from '../builtin-command.js';
import type { Backend } from './backend.js';
import { readUpstreamAnswer, type Reading } from './upstream-answer.js';
import { UpstreamConnection, type Exchange } from './upstream-connection.js';

export interface UpstreamBackendOptions {
  url: URL;
  /** Hearthkey's own credential at the panel. */
  accessKeyId: string;
  secretAccessKey: string;
  trusted: readonly string[];
  timeoutMs: number;
  outputLimitBytes: number;
  onProblem: (problem: string) => void;
}

/** As many as a panel's API takes. */
const maxArgs = 13;
/** As where a command runs here: Hestia has no code for a command that took too long. */
const timedOutCode = 124;
const connectTimeoutMs = 10_000;

/**
 * Runs commands at another panel, through its API and with Hearthkey's own credential there. What the panel says about
 * that credential is for the log: to the client it would look as if its own were wrong.
 */
export class UpstreamBackend implements Backend {
  private readonly connection: UpstreamConnection;

  constructor(private readonly options: UpstreamBackendOptions) {
    this.connection = new UpstreamConnection({
      ...options,
      connectTimeoutMs: Math.min(connectTimeoutMs, options.timeoutMs),
    });
  }

  /** The panel knows which commands it has, and says so when it is asked for another. */
  has(name: string): boolean {
    return commandNamePattern.test(name);
  }

  async run(name: string, args: readonly string[]): Promise<CommandResult> {
    if (args.length > maxArgs) {
      return failure(ReturnCode.INVALID, `${name} can be given ${String(maxArgs)} arguments at most`);
    }
    const exchange = await this.connection.post(this.form(name, args));
    const { result, problem } = this.outcome(name, exchange);
    if (problem !== undefined) this.options.onProblem(`${name} at ${this.options.url.href}: ${problem}`);
    return result;
  }

  private form(name: string, args: readonly string[]): string {
    const { accessKeyId, secretAccessKey } = this.options;
    const fields = [
      ['access_key', accessKeyId],
      ['secret_key', secretAccessKey],
      ['cmd', name],
      ...args.map((arg, index) => [`arg${String(index + 1)}`, arg]),
    ];
    return fields.map(([field, value = '']) => `${String(field)}=${formValue(value)}`).join('&');
  }

  private outcome(name: string, exchange: Exchange): { result: CommandResult; problem?: string } {
    switch (exchange.outcome) {
      case 'answered':
        return this.answered(name, readUpstreamAnswer(exchange, name, this.options.accessKeyId));
      case 'not_sent':
        return {
          result: failure(ReturnCode.CONNECT, `the panel can't be reached; ${name} did not run`),
          problem: `not sent: ${exchange.why}${certificateHint(exchange.why)}`,
        };
      case 'lost':
        return {
          result: failure(
            ReturnCode.CONNECT,
            `the connection to the panel was lost; ${unknownWhether(name)}`,
          ),
          problem: `the connection was lost: ${exchange.why}`,
        };
      case 'timed_out': {
        const why = `did not end within ${String(this.options.timeoutMs / 1000)} s; it may still be running`;
        return { result: failure(timedOutCode, `${name} ${why}`), problem: why };
      }
      case 'too_long':
        return {
          result: failure(ReturnCode.LIMIT, `${name} printed more than is allowed; it may still be running`),
          problem: 'it printed more than HEARTHKEY_COMMAND_OUTPUT_LIMIT',
        };
    }
  }

  private answered(name: string, reading: Reading): { result: CommandResult; problem?: string } {
    switch (reading.kind) {
      case 'result':
        return { result: this.withoutSecret(reading.result) };
      case 'no_such_command':
        return {
          result: {
            ...failure(ReturnCode.NOT_EXIST, `${name} is not available on this server`),
            isMissing: true,
          },
        };
      case 'refused':
        return {
          result: failure(ReturnCode.CONNECT, `the panel does not let this service in; ${name} did not run`),
          problem: `refused: ${reading.mend}`,
        };
      case 'not_understood':
        return {
          result: failure(
            ReturnCode.CONNECT,
            `no panel answered where one is expected; ${unknownWhether(name)}`,
          ),
          problem: reading.why,
        };
    }
  }

  /** A panel that repeats what it was sent must not show clients the secret. */
  private withoutSecret(result: CommandResult): CommandResult {
    return { ...result, output: result.output.replaceAll(this.options.secretAccessKey, '***') };
  }
}

/** Every byte but letters, digits and `-._~` as `%E4`; those that are not UTF-8 as well. */
function formValue(text: string): string {
  if (!loneSurrogatePattern.test(text)) return encodeURIComponent(text);
  const hex = bytesOfText(text)?.toString('hex') ?? '';
  return hex.replace(/../g, '%$&');
}

function failure(code: number, text: string): CommandResult {
  return { code, output: `Error: ${text}\n` };
}

function unknownWhether(name: string): string {
  return `it is not known whether ${name} ran`;
}

function certificateHint(why: string): string {
  return /CERT|SIGNATURE|ISSUER/.test(why)
    ? ' (its certificate is not trusted: see HEARTHKEY_UPSTREAM_CA)'
    : '';
}
