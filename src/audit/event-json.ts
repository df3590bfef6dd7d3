import { accessKeyIdPattern, detachString } from '../text/names.js';
import type { Actor, NewAuditEvent } from './audit-event.js';

/** Texts with their quotes round them. When there are more, they are begun anew. */
const keptTexts = 20_000;
/** Longer ones are not kept: characters. */
const keptLength = 100;
const quoted = new Map<string, string>();

/**
 * An event as JSON, with this ID and time: what `JSON.stringify` makes of it, in less time for decisions and results,
 * which are many. Users, addresses and commands come again and again, so their texts are kept as quoted.
 */
export function eventJson(event: NewAuditEvent, id: string, time: string): string {
  const { type, outcome, actor, clientAddress, addressClaimedBy, command, reason, code, args, trial } = event;
  if ((type !== 'decision' && type !== 'result') || hasMore(event))
    return JSON.stringify({ id, time, ...event });
  let text = `{"id":${JSON.stringify(id)},"time":${JSON.stringify(time)},"type":"${type}","outcome":${quote(outcome)}`;
  text += `,"actor":${actorJson(actor)}`;
  if (clientAddress !== undefined) text += `,"clientAddress":${quote(clientAddress)}`;
  if (addressClaimedBy !== undefined) text += `,"addressClaimedBy":${quote(addressClaimedBy)}`;
  if (command !== undefined) text += `,"command":${quote(command)}`;
  if (reason !== undefined) text += `,"reason":${quote(reason)}`;
  if (code !== undefined) text += `,"code":${String(code)}`;
  if (args !== undefined) text += `,"args":[${args.map(quote).join(',')}]`;
  if (trial !== undefined) text += `,"trial":${trialJson(trial)}`;
  return `${text}}`;
}

function hasMore({ count, target, note, alert }: NewAuditEvent): boolean {
  return count !== undefined || target !== undefined || note !== undefined || alert !== undefined;
}

/** Verdicts that are frozen are the same for many requests. */
const trialTexts = new WeakMap<object, string>();

function trialJson(trial: NonNullable<NewAuditEvent['trial']>): string {
  const known = trialTexts.get(trial);
  if (known !== undefined) return known;
  const text = JSON.stringify(trial);
  if (Object.isFrozen(trial)) trialTexts.set(trial, text);
  return text;
}

function actorJson(actor: Actor): string {
  if (actor.kind !== 'access_key') return JSON.stringify(actor);
  const user = actor.user === undefined ? '' : `,"user":${quote(actor.user)}`;
  return `{"kind":"access_key","accessKeyId":${quoteKeyId(actor.accessKeyId)}${user}}`;
}

/** Of these there are too many to be kept, and nothing in them needs more than its quotes. */
function quoteKeyId(id: string): string {
  return accessKeyIdPattern.test(id) ? `"${id}"` : quote(id);
}

function quote(text: string): string {
  let result = quoted.get(text);
  if (result === undefined) {
    result = JSON.stringify(text);
    if (text.length > keptLength) return result;
    if (quoted.size >= keptTexts) quoted.clear();
    quoted.set(detachString(text), result);
  }
  return result;
}
