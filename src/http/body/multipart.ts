import { decodeText, inSlices, malformedBody, maxFields } from './body-bounds.js';

/** The characters that RFC 2046 allows, and no more of them. */
const boundaryPattern =
  /;[ \t]*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))[ \t]*(?:;|$)/i;
/** Of one part. */
const headLimitBytes = 8192;
const parameterPattern = /[ \t]*;[ \t]*([\w*-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|([^\s;"]+))/y;
const lineEnd = '\r\n';
const headEnd = Buffer.from('\r\n\r\n');

/**
 * Reads the text fields of a `multipart/form-data` body. Files in it are passed over, and so are parts without a name.
 *
 * @returns undefined where it has no boundary, or nothing begins with it
 * @throws AppError 2 where it has more than 64 parts, or is cut off: no argument may go missing unnoticed
 */
export async function readMultipart(
  contentType: string,
  body: Buffer,
): Promise<Map<string, string> | undefined> {
  const match = boundaryPattern.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return undefined;
  const parts = await splitParts(body, `--${boundary}`);
  if (parts === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const part of parts) {
    const field = readPart(part);
    if (field !== undefined) fields.set(field.name, await decodeText(field.value));
  }
  return fields;
}

async function splitParts(body: Buffer, delimiter: string): Promise<Buffer[] | undefined> {
  const parts: Buffer[] = [];
  let start: number | undefined;
  for (const at of await findDelimiters(body, delimiter)) {
    const rest = body.subarray(at + delimiter.length);
    const isLast = rest.subarray(0, 2).toString('latin1') === '--';
    // Behind a delimiter the line may have blanks, and nothing else.
    const blanks = /^[ \t]{0,100}\r\n/.exec(rest.subarray(0, 102).toString('latin1'))?.[0];
    if (!isLast && blanks === undefined) continue;
    if (start !== undefined) parts.push(body.subarray(start, Math.max(at - lineEnd.length, start)));
    if (isLast && start !== undefined) return parts;
    if (isLast) return [];
    start = at + delimiter.length + (blanks ?? '').length;
  }
  if (start !== undefined) throw malformedBody(); // it has no end
  return undefined;
}

/** Where a line begins with the delimiter. */
async function findDelimiters(body: Buffer, delimiter: string): Promise<number[]> {
  const found = body.subarray(0, delimiter.length).toString('latin1') === delimiter ? [0] : [];
  const line = Buffer.from(`${lineEnd}${delimiter}`, 'latin1');
  await inSlices(body, (start, end) => {
    const slice = body.subarray(start, end + line.length - 1);
    for (let at = slice.indexOf(line); at !== -1; at = slice.indexOf(line, at + 1)) {
      found.push(start + at + lineEnd.length);
      if (found.length > maxFields + 1) throw malformedBody();
    }
    return true;
  });
  return found;
}

/** @returns undefined where it is no text field with a name */
function readPart(part: Buffer): { name: string; value: Buffer } | undefined {
  const end = part.subarray(0, headLimitBytes).indexOf(headEnd);
  if (end === -1) return undefined;
  const head = part.toString('utf8', 0, end).replace(/\r\n[ \t]+/g, ' ');
  const lines = head.split(lineEnd);
  const disposition = lines.map((line) => /^content-disposition[ \t]*:[ \t]*form-data(.*)$/i.exec(line)?.[1]);
  const parameters = readParameters(disposition.find((text) => text !== undefined) ?? '');
  const name = parameters.get('name');
  const isFile =
    parameters.has('filename') ||
    parameters.has('filename*') ||
    lines.some((line) => /^content-type[ \t]*:[ \t]*application\/octet-stream/i.test(line));
  return name === undefined || isFile ? undefined : { name, value: part.subarray(end + headEnd.length) };
}

function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  parameterPattern.lastIndex = 0;
  for (let match = parameterPattern.exec(text); match !== null; match = parameterPattern.exec(text)) {
    const [, name = '', quoted, plain = ''] = match;
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(["\\])/g, '$1') ?? plain);
  }
  return parameters;
}
