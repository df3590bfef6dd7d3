import { usualSpanMs, type RoleSuggester } from '../../../authorization/suggest/role-suggester.js';
import { subjectKinds, type SubjectKind } from '../../../authorization/suggest/suggestion.js';
import { invalid, ReturnCode } from '../../../errors.js';
import { ok, type BuiltinCommand, type Invocation } from '../../builtin-command.js';
import { parseMoment } from '../../moments.js';
import { formatSuggestion, parseSuggestionFormat, suggestionFormats } from './suggestion-output.js';

/** `v-suggest-api`: the smallest role that would have allowed all that was allowed. */
export function suggestApiCommand(suggester: RoleSuggester): BuiltinCommand {
  return {
    name: 'v-suggest-api',
    info: 'suggest the smallest API role from what an access key, the keys of a user, or all keys with an API have used, and the commands that put it in place',
    options: 'KEY_ID|USER|API [FORMAT]',
    longOptions: [
      {
        name: 'since',
        value: 'WHEN',
        info: 'what was used since then: 90d back (the default; s m h d w), or a date (2026-01-31, 2026-01-31T12:00+01:00)',
      },
      {
        name: 'kind',
        value: 'KIND',
        info: `what has the name, where several have it: ${subjectKinds.join(', ')}`,
      },
      { name: 'format', value: 'FORMAT', info: 'the same as FORMAT' },
    ],
    argumentHelp: {
      'KEY_ID|USER|API': { info: 'an access key ID, a user, or an API' },
      FORMAT: { info: 'how the output looks; empty: shell', values: suggestionFormats },
    },
    exitCodes: [ReturnCode.NOT_EXIST, ReturnCode.LIMIT, ReturnCode.FORBIDDEN, ReturnCode.BUSY],
    examples: [
      'v-suggest-api InNqgp01kO3v0W22eg6Z',
      'v-suggest-api alice --since 30d',
      'v-suggest-api billing json',
      'v-suggest-api InNqgp01kO3v0W22eg6Z plain | grep ^line   # what puts it in place',
    ],
    notes: [
      'It reads the record of this node. A suggestion never gives a key more than it has now.',
      'The rate limit is the most that was used: a busier day needs a higher one.',
      'The new role has a new name, so an event and an alert may call the key widened. It can do no more than before.',
    ],
    changes: false,
    async run({ args: [name = '', format], options, caller, terminal }) {
      const outputFormat = parseSuggestionFormat(options.get('format')?.at(-1) ?? format);
      const nowMs = Date.now();
      const since = options.get('since')?.at(-1);
      const sinceMs = since === undefined ? nowMs - usualSpanMs : parseMoment(since, 'first', nowMs).ms;
      const subject = await suggester.find(name, readKind(options), caller.authority);
      const suggestion = await suggester.suggest(subject, sinceMs, {
        authority: caller.authority,
        signal: terminal.signal,
      });
      return ok(formatSuggestion(suggestion, outputFormat));
    },
  };
}

/** @throws AppError 2 */
function readKind(options: Invocation['options']): SubjectKind | undefined {
  const text = options.get('kind')?.at(-1);
  const kind = subjectKinds.find((each) => each === text);
  if (text !== undefined && kind === undefined)
    throw invalid(`there is no --kind ${text} (known are ${subjectKinds.join(', ')})`);
  return kind;
}
