import { z } from 'zod';

/** Where the audit record is sent, and how its events are written there. */
export interface AuditSink {
  kind: 'https' | 'syslog+tcp' | 'syslog+tls';
  /** Scheme, host, port and path: names the sink in the log, the metrics and its cursor. */
  name: string;
  host: string;
  port: number;
  /** Of HTTPS; empty for syslog. */
  path: string;
  format: 'json' | 'ocsf';
  /** Where a sink begins that was never named before. */
  from: 'begin' | 'end';
}

export interface AuditExportSettings {
  sinks: readonly AuditSink[];
  /** Sent with each HTTPS request: name and value. */
  header: readonly [name: string, value: string] | undefined;
  /** A PEM file with certificates to trust besides those that Node.js trusts. */
  caFile: string | undefined;
}

const kinds = ['https', 'syslog+tcp', 'syslog+tls'] as const;
const standardPorts = { https: 443, 'syslog+tcp': 601, 'syslog+tls': 6514 };
const choices = { format: ['json', 'ocsf'], from: ['begin', 'end'] } as const;

/** No message has the value in it: there may be a secret in it that belongs elsewhere. */
export const auditExportSchema = {
  AUDIT_EXPORT: z
    .string()
    .transform((text, context) => {
      const sinks: AuditSink[] = [];
      for (const [index, item] of splitUrls(text).entries()) {
        const parsed = parseSink(item);
        const place = `URL ${String(index + 1)}`;
        if ('problem' in parsed) context.addIssue({ code: 'custom', message: `${place}: ${parsed.problem}` });
        else if (sinks.some(({ name }) => name === parsed.sink.name))
          context.addIssue({ code: 'custom', message: `${place}: it is named twice` });
        else sinks.push(parsed.sink);
      }
      return sinks;
    })
    .optional(),
  AUDIT_EXPORT_HEADER: z
    .string()
    .transform((text, context) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): *([\x20-\x7e]+)$/.exec(text) ?? [];
      if (name !== undefined && value !== undefined) return [name, value] as const;
      context.addIssue({
        code: 'custom',
        message: 'expected one header, such as Authorization: Bearer TOKEN',
      });
      return z.NEVER;
    })
    .optional(),
};

interface AuditExportValues {
  AUDIT_EXPORT?: AuditSink[] | undefined;
  AUDIT_EXPORT_HEADER?: readonly [string, string] | undefined;
  AUDIT_EXPORT_CA?: string | undefined;
}

export function resolveAuditExport(values: AuditExportValues): AuditExportSettings {
  return {
    sinks: values.AUDIT_EXPORT ?? [],
    header: values.AUDIT_EXPORT_HEADER,
    caFile: values.AUDIT_EXPORT_CA,
  };
}

/**
 * Whether what belongs together is there together.
 *
 * @param given - the settings that are set, without `HEARTHKEY_`
 */
export function auditExportProblems(given: Readonly<Record<string, string>>): string[] {
  const urls = splitUrls(given['AUDIT_EXPORT'] ?? '');
  const problems: string[] = [];
  if (given['AUDIT_EXPORT_HEADER'] !== undefined) {
    const servers = urls
      .filter((url) => /^https:/i.test(url) && URL.canParse(url))
      .map((url) => new URL(url).host);
    // With two of them, each would get the secret of the other.
    if (new Set(servers).size !== 1)
      problems.push(
        'HEARTHKEY_AUDIT_EXPORT_HEADER: HEARTHKEY_AUDIT_EXPORT has to name exactly one https:// server',
      );
  }
  if (given['AUDIT_EXPORT_CA'] !== undefined && !urls.some((url) => /^(https|syslog\+tls):/i.test(url)))
    problems.push('HEARTHKEY_AUDIT_EXPORT_CA: it is for URLs that begin with https:// or syslog+tls://');
  return problems;
}

function splitUrls(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

function parseSink(text: string): { sink: AuditSink } | { problem: string } {
  const kind = kinds.find((one) => text.toLowerCase().startsWith(`${one}://`));
  if (kind === undefined)
    return { problem: 'expected a URL that begins with https://, syslog+tls:// or syslog+tcp://' };
  // Read as https, so that host and port are checked alike for each scheme.
  const rest = text.slice(kind.length);
  if (!URL.canParse(`https${rest}`))
    return { problem: 'expected a host, such as https://logs.example.com/path' };
  const url = new URL(`https${rest}`);
  if (url.username !== '' || url.password !== '')
    return {
      problem:
        'there may be no user name or password in it; a secret goes into HEARTHKEY_AUDIT_EXPORT_HEADER',
    };
  if (rest.includes('#')) return { problem: 'there may be no # in it' };
  if (kind !== 'https' && url.pathname !== '/' && url.pathname !== '')
    return { problem: 'a syslog URL has no path' };
  const chosen = readChoices(url.searchParams);
  if ('problem' in chosen) return chosen;
  const port = url.port === '' ? portOf(rest, kind) : Number(url.port);
  const path = kind === 'https' ? url.pathname : '';
  const name = `${kind}://${url.hostname}:${String(port)}${path}`;
  return { sink: { kind, name, host: url.hostname.replace(/^\[|\]$/g, ''), port, path, ...chosen } };
}

/** 443 is the standard port of https alone, but URL drops it for each of them. */
function portOf(rest: string, kind: AuditSink['kind']): number {
  return /^:\/\/[^/?]*:443(?:[/?]|$)/.test(rest) ? 443 : standardPorts[kind];
}

function readChoices(query: URLSearchParams): Pick<AuditSink, 'format' | 'from'> | { problem: string } {
  const chosen: Pick<AuditSink, 'format' | 'from'> = { format: 'json', from: 'end' };
  for (const [name, value] of query) {
    if (name === 'format' && isOneOf(choices.format, value)) chosen.format = value;
    else if (name === 'from' && isOneOf(choices.from, value)) chosen.from = value;
    else return { problem: 'after ? there may be format=json, format=ocsf, from=begin and from=end' };
  }
  return chosen;
}

function isOneOf<T extends string>(values: readonly T[], value: string): value is T {
  return (values as readonly string[]).includes(value);
}
