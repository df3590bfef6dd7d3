import { hash } from 'node:crypto';
import type { z } from 'zod';
import { parseAddress } from '../network/address-range.js';
import { isLoopbackHost, isPublicAddress } from '../network/reserved-addresses.js';
import { itemsOf, refuse } from './setting-forms.js';

/** A receiver of alerts over HTTP. */
export interface AlertWebhook {
  /** Names it in the log, the metrics and its cursor. The path may be its secret, so only a digest of it is there. */
  name: string;
  url: URL;
  /** Each signs; the first one first. */
  secrets: readonly Buffer[];
}

/** A secret of webhooks. */
export interface WebhookSecret {
  /** The URL that it is for; undefined: all that have none of their own. */
  url: string | undefined;
  bytes: Buffer;
}

export type WebhookUrl = Omit<AlertWebhook, 'secrets'>;

export function readWebhooks(text: string, context: z.RefinementCtx): WebhookUrl[] {
  const webhooks: WebhookUrl[] = [];
  for (const [index, item] of itemsOf(text).entries()) {
    const parsed = parseWebhook(item);
    const problem =
      'problem' in parsed
        ? parsed.problem
        : webhooks.some(({ name }) => name === parsed.name) && 'it is named twice';
    if (typeof problem === 'string') return refuse(context, `URL ${String(index + 1)}: ${problem}`);
    if (!('problem' in parsed)) webhooks.push(parsed);
  }
  return webhooks.length > 0 ? webhooks : refuse(context, 'expected a URL that begins with https://');
}

function parseWebhook(text: string): WebhookUrl | { problem: string } {
  if (!URL.canParse(text)) return { problem: 'expected a URL that begins with https://' };
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { problem: 'expected a URL that begins with https://' };
  if (url.username !== '' || url.password !== '' || text.includes('#'))
    return { problem: 'there may be no user name, no password and no # in it' };
  const address = parseAddress(host);
  const isNear = isLoopbackHost(host) || (address !== undefined && !isPublicAddress(address));
  if (url.protocol === 'http:' && !isNear)
    return { problem: 'http:// is for an address of this machine or of a private network; use https://' };
  const path = `${url.pathname}${url.search}`;
  return { name: path === '/' ? url.origin : `${url.origin}/…${hash('sha256', path).slice(0, 8)}`, url };
}

/** A secret has 24 to 64 bytes in base64 behind `whsec_` (Standard Webhooks, "Signature scheme"). */
export function readSecrets(text: string, context: z.RefinementCtx): WebhookSecret[] {
  const secrets = itemsOf(text).map(parseSecret);
  if (secrets.length > 0 && secrets.length <= 20 && secrets.every((secret) => secret !== undefined))
    return secrets;
  return refuse(
    context,
    'expected 1 to 20 secrets, each of whsec_ and 24 to 64 bytes in base64, with URL= before it where it is for one URL',
  );
}

function parseSecret(text: string): WebhookSecret | undefined {
  const [, url, base64 = ''] = /^(?:(.+)=)?whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (url !== undefined && !URL.canParse(url)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  // Receivers may read more strictly than Node.js does.
  const isCanonical = bytes.toString('base64') === base64;
  if (!isCanonical || bytes.length < 24 || bytes.length > 64) return undefined;
  return { url: url && new URL(url).href, bytes };
}

/** The secrets that sign what goes to a URL. */
export function secretsFor({ href }: URL, secrets: readonly WebhookSecret[]): Buffer[] {
  const own = secrets.filter(({ url }) => url === href);
  const fitting = own.length > 0 ? own : secrets.filter(({ url }) => url === undefined);
  return fitting.map(({ bytes }) => bytes);
}

/** Whether each webhook has a secret, and each secret a webhook. */
export function secretProblems(webhooks: readonly WebhookUrl[], secrets: readonly WebhookSecret[]): string[] {
  const name = 'HEARTHKEY_ALERT_WEBHOOK_SECRET';
  const without = webhooks.filter(({ url }) => secretsFor(url, secrets).length === 0);
  const isForNone = ({ url }: WebhookSecret): boolean =>
    url !== undefined && !webhooks.some((webhook) => webhook.url.href === url);
  return [
    ...(secrets.length === 0 ? [] : without.map((webhook) => `${name}: there is none for ${webhook.name}`)),
    ...(secrets.some(isForNone)
      ? [`${name}: one is for a URL that HEARTHKEY_ALERT_WEBHOOK doesn't name`]
      : []),
  ];
}
