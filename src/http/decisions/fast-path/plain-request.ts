import { detachString } from '../../../text/names.js';
import { routes } from '../../routes.js';

/** Longer requests take the standard path. */
const headLimitBytes = 2048;
const bodyLimitBytes = 16_384;
const requestLine = `POST ${routes.authorize.paths[0]} HTTP/1.1\r\n`;
const blankLine = '\r\n\r\n';

/** One field of a head: one space, and visible text with nothing round it. Every reader of HTTP takes it alike. */
const fieldPattern = /^([A-Za-z][A-Za-z-]*): ([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)$/;
const lengthPattern = /^[1-9]\d{0,4}$/;

/** What a client sends that asks for itself. Those that a proxy adds are not among them. */
const plainFields: ReadonlySet<string> = new Set([
  ...['accept', 'accept-encoding', 'accept-language', 'cache-control', 'connection', 'content-length'],
  ...['content-type', 'host', 'pragma', 'sec-fetch-mode', 'traceparent', 'tracestate', 'user-agent'],
  'x-request-id',
]);

/** They name one request, so that no head with them comes again. */
const namingFields = ['traceparent', 'tracestate', 'x-request-id'] as const;

/**
 * Reads heads of HTTP requests, and knows one kind only: a `POST /v1/authorize` with a short JSON body of known length,
 * spelled so plainly that it can't be read in two ways. It takes less than Node.js' own parser, which gets the rest:
 * what it takes, that one reads as the same request, of the same length (`plain-request.test.ts`).
 */
export class PlainRequestReader {
  /** Plain heads, which come again and again, and how long the bodies are. */
  private readonly known = new Map<string, number>();

  constructor(private readonly limit = 500) {}

  /**
   * @param bytes - what has come since the last request ended
   * @returns the body, if it is one whole request and no more; `incomplete`: plain so far, but a part of the body is
   *   missing; undefined: not plain
   */
  read(bytes: Buffer): Buffer | 'incomplete' | undefined {
    if (bytes.length > headLimitBytes + bodyLimitBytes) return undefined;
    const text = bytes.toString('latin1', 0, headLimitBytes);
    const headEnd = text.indexOf(blankLine);
    if (headEnd === -1) return undefined;
    const bodyLength = this.bodyLengthOf(text.slice(0, headEnd));
    if (bodyLength === 0) return undefined;
    const bodyStart = headEnd + blankLine.length;
    const missing = bodyStart + bodyLength - bytes.length;
    if (missing > 0) return 'incomplete';
    return missing === 0 ? bytes.subarray(bodyStart) : undefined;
  }

  private bodyLengthOf(head: string): number {
    const known = this.known.get(head);
    if (known !== undefined) return known;
    const { length, isUsual } = readHead(head);
    if (isUsual) {
      if (this.known.size >= this.limit) this.known.clear();
      this.known.set(detachString(head), length);
    }
    return length;
  }
}

/** @returns the `X-Request-ID` of a plain request */
export function requestIdIn(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, headLimitBytes).split(blankLine, 1)[0] ?? '';
  return /\r\nx-request-id: ([^\r]+)/i.exec(head)?.[1];
}

interface Head {
  /** Of the body that follows; 0: the head is not plain. */
  length: number;
  /** Whether it may come again just so. */
  isUsual: boolean;
}

const notPlain: Head = { length: 0, isUsual: false };

function readHead(head: string): Head {
  if (!head.startsWith(requestLine)) return notPlain;
  const fields = new Map<string, string>();
  for (const line of head.slice(requestLine.length).split('\r\n')) {
    const [, name = '', value = ''] = fieldPattern.exec(line) ?? [];
    const field = name.toLowerCase();
    if (!plainFields.has(field) || fields.has(field)) return notPlain;
    fields.set(field, value);
  }
  if (!fields.has('host') || fields.get('content-type') !== 'application/json') return notPlain;
  if ((fields.get('connection') ?? 'keep-alive').toLowerCase() !== 'keep-alive') return notPlain;
  const length = fields.get('content-length') ?? '';
  if (!lengthPattern.test(length) || Number(length) > bodyLimitBytes) return notPlain;
  return { length: Number(length), isUsual: !namingFields.some((field) => fields.has(field)) };
}
