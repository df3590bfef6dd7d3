import type { RateState } from '../../authorization/limits/rate-state.js';
import type { CommandResult } from '../../commands/builtin-command.js';
import { ReturnCode, type DenyReason } from '../../errors.js';
import { wordAnswer, type Wording } from './code-only.js';

/** An answer in Hestia's dialect. */
export interface HestiaAnswer {
  status: number;
  /** The `Hestia-Exit-Code` header; undefined: not sent. */
  exitCode: number | undefined;
  contentType: typeof jsonType | typeof textType;
  body: string;
  /** In place of the body: the parts of a long list. */
  parts?: AsyncGenerator<string, void>;
  /** Absent: the client has no rate limit. */
  rate?: RateState | undefined;
}

const jsonType = 'application/json; charset=utf-8';
const textType = 'text/plain; charset=utf-8';

/** Codes that mean "you may not"; the page answers them with 401. */
const unauthorizedCodes = new Set<number>([
  ReturnCode.SUSPENDED,
  ReturnCode.UNSUSPENDED,
  ReturnCode.PASSWORD,
  ReturnCode.FORBIDDEN,
  ReturnCode.API_DISABLED_FOR_USER,
]);

/** Denials that a client may simply try again. */
const unavailableReasons = new Set<DenyReason>(['overloaded', 'store_unavailable', 'audit_unavailable']);

const tooManyReasons = new Set<DenyReason>(['quota_exceeded', 'rate_limited', 'too_many_failures']);

/** What a command that ran printed, and its exit code. */
export function answerResult(result: CommandResult, wantsCodeOnly: boolean): HestiaAnswer {
  const { code, output, outputType, more } = result;
  if (wantsCodeOnly) return textAnswer(200, code, String(code));
  if (more !== undefined) {
    const contentType = outputType === 'json' ? jsonType : textType;
    return { ...textAnswer(200, code, ''), contentType, parts: tidyParts(output, more, '') };
  }
  const body = tidyOutput(output);
  // For Hestia's page an output of `0` is none.
  if (code === ReturnCode.OK && (body === '' || body === '0')) return textAnswer(204, code, '');
  const answer = textAnswer(statusOf(code), code, body);
  const type = outputType ?? (code === ReturnCode.OK && isTellingJson(body) ? 'json' : 'text');
  if (type === 'text') return answer;
  return { ...answer, contentType: jsonType };
}

/**
 * The same for legacy credentials: always 200 and no exit code. Where Hestia says `OK` although the command failed
 * without a word, it says that it failed.
 */
export function answerLegacyResult(
  code: number,
  { output, more }: Pick<CommandResult, 'output' | 'more'>,
  command: string,
  wantsCodeOnly: boolean,
): HestiaAnswer {
  if (more !== undefined && !wantsCodeOnly)
    return { ...textAnswer(200, code, ''), exitCode: undefined, parts: tidyParts(output, more, '\n') };
  const silent = code === ReturnCode.OK ? 'OK' : `Error: ${command} ended with code ${String(code)}`;
  const lines = tidyLines(output);
  const body = wantsCodeOnly ? String(code) : lines.trim() === '' ? silent : lines;
  return { ...textAnswer(200, code, body), exitCode: undefined };
}

/** A refusal keeps its status, also where only the code is wanted. */
export function answerDenial(
  reason: DenyReason,
  code: number,
  text: string,
  wording: Wording | boolean,
): HestiaAnswer {
  const status = tooManyReasons.has(reason) ? 429 : unavailableReasons.has(reason) ? 503 : statusOf(code);
  const asked = wording === true ? 'code' : wording === false ? 'words' : wording;
  return textAnswer(status, code, wordAnswer(asked, code, `Error: ${text}`));
}

/** Where Hestia's page sends those whose request it can't read: its fields are described there. */
const manual = 'https://hestiacp.com/docs/server-administration/rest-api.html';

/** A request that names nobody, or comes by another method. */
export function answerNotARequest(wording: Wording): HestiaAnswer {
  const text = `Error: data received is null or invalid, check ${manual}`;
  return textAnswer(405, 405, wordAnswer(wording, 405, text));
}

/** A request that could not even be read, with the status that says why. */
export function answerUnreadable(status: number, wording: Wording): HestiaAnswer {
  const code = ReturnCode.INVALID;
  return textAnswer(status, code, wordAnswer(wording, code, 'Error: the request could not be read'));
}

/** A request that there is no room for at this moment; nobody has looked at what it asks for. */
export function answerBusy(text: string, wording: Wording): HestiaAnswer {
  return textAnswer(503, ReturnCode.BUSY, wordAnswer(wording, ReturnCode.BUSY, `Error: ${text}`));
}

function textAnswer(status: number, exitCode: number, body: string): HestiaAnswer {
  return { status, exitCode, contentType: textType, body };
}

function statusOf(code: number): number {
  if (code === ReturnCode.OK) return 200;
  if (code === ReturnCode.INVALID) return 422;
  return unauthorizedCodes.has(code) ? 401 : 400;
}

/** White space at both ends of the text goes away, too. */
function tidyOutput(output: string): string {
  return tidyLines(output).trim();
}

/** White space at line ends goes away, as in Hestia's answers; each line is ended. */
function tidyLines(output: string): string {
  if (!/[^\S\n](?:\n|$)/.test(output)) return output.endsWith('\n') ? output : `${output}\n`;
  const lines = output.replace(/\n$/, '').split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** The same in parts, as they come. */
async function* tidyParts(
  first: string,
  more: AsyncGenerator<string, void>,
  end: string,
): AsyncGenerator<string, void> {
  // White space at the end of a part may be at the end of all.
  let held = '';
  const tidy = (part: string): string => {
    const text = (held + part).replace(/[^\S\n]+\n/g, '\n');
    const trimmed = text.trimEnd();
    held = text.slice(trimmed.length);
    return trimmed;
  };
  yield tidy(first).trimStart();
  for await (const part of more) yield tidy(part);
  yield end;
}

/** JSON that says something; an empty object, `null`, `false`, `0` and the like are sent as text, as Hestia does. */
function isTellingJson(text: string): boolean {
  if (!/^[\s[{"\d-]|^true$/.test(text)) return false;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value) && value !== '0';
}
