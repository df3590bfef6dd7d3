import { hostname } from 'node:os';
import { z } from 'zod';
import type { AddressRange } from '../network/address-range.js';
import { alertTypes, isAlertType, type AlertType } from './alert-types.js';
import {
  readSecrets,
  readWebhooks,
  secretsFor,
  type AlertWebhook,
  type WebhookSecret,
  type WebhookUrl,
} from './alert-webhooks.js';
import { addressRanges, duration, itemsOf, refuse } from './setting-forms.js';

export interface AlertMail {
  name: string;
  to: readonly string[];
  from: string;
  server: SmtpServer;
  /** At least so long from one mail to the next. */
  everyMs: number;
}

export interface SmtpServer {
  host: string;
  port: number;
  /** `smtps`: TLS from the first byte; otherwise STARTTLS. */
  isTls: boolean;
  user: string;
  password: string;
}

export interface AlertSettings {
  types: ReadonlySet<AlertType>;
  webhooks: readonly AlertWebhook[];
  /** Undefined: no alerts are mailed. */
  mail: AlertMail | undefined;
  /** So many denials within a minute are a burst. */
  denials: number;
  /** Addresses that are not public, to which the name of a receiver may lead all the same. */
  networks: readonly AddressRange[];
  /** A PEM file with certificates to trust besides those that Node.js trusts. */
  caFile: string | undefined;
}

/** Their files may have a value on each line. */
export const alertLists: readonly string[] = ['ALERT_WEBHOOK', 'ALERT_WEBHOOK_SECRET'];

const defaultSmtpUrl = 'smtp://localhost:25';

/** No message of a webhook, a secret or a server has the value in it. */
export const alertSchema = {
  ALERTS: z.string().transform(readTypes).default(new Set(alertTypes)),
  ALERT_WEBHOOK: z.string().transform(readWebhooks).optional(),
  ALERT_WEBHOOK_SECRET: z.string().transform(readSecrets).optional(),
  ALERT_MAIL_TO: z.string().transform(readAddresses).optional(),
  ALERT_MAIL_FROM: z.string().transform(readSender).optional(),
  ALERT_MAIL_EVERY: duration
    .refine((ms) => ms >= 1000 && ms <= 86_400_000, 'expected a duration from 1s to 24h')
    .default(300_000),
  ALERT_SMTP_URL: z.string().transform(readServer).optional(),
  ALERT_DENIALS: z.coerce.number().int().min(2).max(1000).default(20),
  ALERT_NETWORKS: addressRanges.default([]),
};

interface AlertValues {
  ALERTS: ReadonlySet<AlertType>;
  ALERT_WEBHOOK?: WebhookUrl[] | undefined;
  ALERT_WEBHOOK_SECRET?: WebhookSecret[] | undefined;
  ALERT_MAIL_TO?: string[] | undefined;
  ALERT_MAIL_FROM?: string | undefined;
  ALERT_MAIL_EVERY: number;
  ALERT_SMTP_URL?: SmtpServer | undefined;
  ALERT_DENIALS: number;
  ALERT_NETWORKS: AddressRange[];
  ALERT_CA?: string | undefined;
}

export function resolveAlerts(values: AlertValues): AlertSettings {
  const { ALERT_MAIL_TO: to, ALERT_MAIL_FROM: from = `hearthkey@${hostname()}` } = values;
  const server = values.ALERT_SMTP_URL ?? parseSmtpUrl(defaultSmtpUrl);
  return {
    types: values.ALERTS,
    webhooks: (values.ALERT_WEBHOOK ?? []).map((webhook) => {
      return { ...webhook, secrets: secretsFor(webhook.url, values.ALERT_WEBHOOK_SECRET ?? []) };
    }),
    mail:
      to === undefined || server === undefined
        ? undefined
        : { name: 'mail', to, from, server, everyMs: values.ALERT_MAIL_EVERY },
    denials: values.ALERT_DENIALS,
    networks: values.ALERT_NETWORKS,
    caFile: values.ALERT_CA,
  };
}

/**
 * Whether what belongs together is there together.
 *
 * @param given - the settings that are set, without `HEARTHKEY_`
 */
export function alertProblems(given: Readonly<Record<string, string>>): string[] {
  const has = (name: string): boolean => given[name] !== undefined;
  const problems: string[] = [];
  if (has('ALERT_WEBHOOK') && !has('ALERT_WEBHOOK_SECRET'))
    problems.push('HEARTHKEY_ALERT_WEBHOOK: HEARTHKEY_ALERT_WEBHOOK_SECRET_FILE has to name its secret');
  if (has('ALERT_WEBHOOK_SECRET') && !has('ALERT_WEBHOOK'))
    problems.push('HEARTHKEY_ALERT_WEBHOOK_SECRET: it is for HEARTHKEY_ALERT_WEBHOOK');
  for (const name of ['ALERT_MAIL_FROM', 'ALERT_MAIL_EVERY', 'ALERT_SMTP_URL'])
    if (has(name) && !has('ALERT_MAIL_TO'))
      problems.push(`HEARTHKEY_${name}: it is for HEARTHKEY_ALERT_MAIL_TO`);
  if (!has('ALERT_WEBHOOK') && !has('ALERT_MAIL_TO'))
    for (const name of ['ALERTS', 'ALERT_DENIALS', 'ALERT_NETWORKS', 'ALERT_CA'].filter(has))
      problems.push(`HEARTHKEY_${name}: it is for HEARTHKEY_ALERT_WEBHOOK and HEARTHKEY_ALERT_MAIL_TO`);
  return problems;
}

function readTypes(text: string, context: z.RefinementCtx): ReadonlySet<AlertType> {
  const names = itemsOf(text);
  const types = names.filter(isAlertType);
  if (names.length > 0 && types.length === names.length) return new Set(types);
  return refuse(context, `expected types between commas: ${alertTypes.join(', ')}`);
}

const mailAddress = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;

function readAddresses(text: string, context: z.RefinementCtx): string[] {
  const addresses = itemsOf(text);
  if (addresses.length > 0 && addresses.every((address) => mailAddress.test(address))) return addresses;
  return refuse(context, 'expected mail addresses between commas, such as ops@example.com');
}

function readSender(text: string, context: z.RefinementCtx): string {
  return mailAddress.test(text) ? text : refuse(context, 'expected a mail address');
}

function readServer(text: string, context: z.RefinementCtx): SmtpServer {
  return parseSmtpUrl(text) ?? refuse(context, 'expected smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…');
}

function parseSmtpUrl(text: string): SmtpServer | undefined {
  const match = /^(smtps?):\/\/(.+)$/i.exec(text);
  // Read as http, so that host and port are checked.
  if (match === null || !URL.canParse(`http://${match[2] ?? ''}`)) return undefined;
  const url = new URL(`http://${match[2] ?? ''}`);
  const isTls = match[1]?.toLowerCase() === 'smtps';
  if (!/^\/?$/.test(url.pathname) || /[?#]/.test(text)) return undefined;
  // 80 is the standard port of http alone, but URL drops it.
  const port = /:80\/?$/.test(text) ? 80 : Number(url.port || (isTls ? 465 : 587));
  try {
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port, isTls, user, password };
  } catch {
    return undefined;
  }
}
