import type { IncomingHttpHeaders } from 'node:http';
import { ReturnCode } from '../../errors.js';
import type { CommandResult } from '../builtin-command.js';

export interface UpstreamAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What an answer means: the command's own result, no such command there, or what is wrong there, for the log. */
export type Reading =
  | { kind: 'result'; result: CommandResult }
  | { kind: 'no_such_command' }
  /** The panel turned Hearthkey itself away; the command did not run. */
  | { kind: 'refused'; mend: string }
  /** It can't be told from it whether the command ran. */
  | { kind: 'not_understood'; why: string };

interface Refusal {
  codes: readonly number[];
  /** The whole text after `Error: `. */
  text: RegExp;
  mend: string;
}

const { PASSWORD, FORBIDDEN, DISABLED, BUSY, API_DISABLED_FOR_USER } = ReturnCode;
const credential = 'it does not take the access key: check HEARTHKEY_UPSTREAM_ACCESS_KEY and _SECRET_KEY';
const owner = 'the owner of the access key is suspended or gone there';

/**
 * The sentences of a panel's API (Hestia's, and Hearthkey's own) when it refuses a request before any command runs.
 * A command's exit code may be one of these too, so the sentence decides.
 */
const refusals: readonly Refusal[] = [
  { codes: [PASSWORD], text: /^Invalid access key or secret$/, mend: credential },
  { codes: [PASSWORD], text: /^invalid (?:access_key_id|secret_access_key) format\b/, mend: credential },
  { codes: [PASSWORD, FORBIDDEN], text: /^authentication failed$/, mend: credential },
  { codes: [PASSWORD], text: /^user \S+ (?:is suspended|doesn't exist)$/, mend: owner },
  { codes: [BUSY], text: /^Too many failed attempts, try again later$/, mend: credential },
  {
    codes: [BUSY],
    text: /^Too many requests with key \S+, try again later$/,
    mend: 'the access key has a rate limit there, and has used it up: v-change-access-key ID --rate-limit none',
  },
  {
    codes: [BUSY],
    text: /^The quota of key \S+ is used up$/,
    mend: 'the access key has a quota there, and has used it up: v-change-access-key ID --quota none',
  },
  { codes: [PASSWORD], text: /^key \S+ has expired$/, mend: 'the access key has expired there' },
  {
    codes: [FORBIDDEN],
    text: /^Key \S+ can not be used from this IP$/,
    mend: "the access key has addresses of its own there, and this server's is none: v-change-access-key ID --allow-ip",
  },
  {
    codes: [FORBIDDEN],
    text: /^IP is not allowed to connect with API$/,
    mend: "this server's address is not let in there: v-add-sys-api-ip",
  },
  {
    codes: [DISABLED, API_DISABLED_FOR_USER],
    text: /^API has been disabled$/,
    mend: "the API is switched off there, or off for users: v-change-sys-api, API_SYSTEM; use the root user's key",
  },
];

/** Sentences that name the key that was sent; whatever else they say, they are about it and not about the command. */
const ownKeyCodes: readonly number[] = [PASSWORD, FORBIDDEN];
const permission =
  "the access key may not run it there: give it the permission, or use the root user's key without any";

/**
 * Reads a panel's answer.
 *
 * @param accessKeyId - the key that was sent
 */
export function readUpstreamAnswer(answer: UpstreamAnswer, command: string, accessKeyId: string): Reading {
  const { status, headers, body } = answer;
  const code = exitCode(headers['hestia-exit-code']);
  if (code === undefined) return { kind: 'not_understood', why: whatItMayBe(answer) };
  const text = /^Error: (.*)$/s.exec(body.trim())?.[1] ?? '';
  if (status !== 200 && code === FORBIDDEN && text === `Command ${command} not found`) {
    return { kind: 'no_such_command' };
  }
  const mend = findMend(code, text, accessKeyId);
  if (mend !== undefined) return { kind: 'refused', mend };
  const outputType = headers['content-type']?.startsWith('application/json') === true ? 'json' : 'text';
  return { kind: 'result', result: { code, output: body, outputType } };
}

function findMend(code: number, text: string, accessKeyId: string): string | undefined {
  const known = refusals.find((refusal) => refusal.codes.includes(code) && refusal.text.test(text));
  if (known !== undefined) return known.mend;
  if (!ownKeyCodes.includes(code) || !text.includes(accessKeyId)) return undefined;
  return code === PASSWORD ? credential : permission;
}

/** The exit code of a process; the API page has others for requests that it doesn't take, such as 405. */
function exitCode(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,3}$/.test(header)) return undefined;
  const code = Number(header);
  return code <= 255 ? code : undefined;
}

/** For the log; nothing of the answer's text is in it. */
function whatItMayBe({ status, headers, body }: UpstreamAnswer): string {
  const said = `it answered ${String(status)}`;
  if (status >= 300 && status < 400)
    return `${said}, a redirect, which is not followed: is the address right?`;
  if (body.trim() === 'Error: Disabled') return `${said}: its API is switched off (v-change-sys-api)`;
  if (headers['hestia-exit-code'] !== undefined) return `${said} with an exit code that is none`;
  return `${said} without an exit code: is there a panel's API at this address?`;
}
