import { inSlices, maxFields, sliceBytes } from './body-bounds.js';

/** What a JSON text may hold before it is parsed: `JSON.parse` itself has no bounds, and lets nobody else have a turn. */
export interface JsonBounds {
  depth: number;
  /** Members of the outermost object, or items of the outermost list. */
  fields: number;
  /** Members and items of everything. */
  values: number;
}

export const usualBounds: JsonBounds = { depth: 8, fields: maxFields, values: 1024 };

/** Whether the text keeps within the bounds. Whether it is JSON at all is not asked. */
export function isWithinBounds(text: Buffer, bounds: JsonBounds): boolean | Promise<boolean> {
  const scan = new JsonScan(bounds);
  if (text.length <= sliceBytes) return scan.read(text, 0, text.length);
  return inSlices(text, (start, end) => scan.read(text, start, end)).then(() => scan.isWithin);
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
/** With bit 0x20 set `[` is `{`, and `]` is `}`. */
const [opening, closing] = [0x7b, 0x7d];

class JsonScan {
  isWithin = true;
  private depth = 0;
  private fields = 1;
  private values = 1;
  private isInText = false;
  private isEscaped = false;

  constructor(private readonly bounds: JsonBounds) {}

  read(text: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end && this.isWithin; at++) {
      const byte = text[at] ?? 0;
      if (this.isInText) this.readInText(byte);
      else if (byte === quote) this.isInText = true;
      else if (byte === comma) this.count();
      else if ((byte | 0x20) === opening) this.open();
      else if ((byte | 0x20) === closing) this.depth--;
    }
    return this.isWithin;
  }

  private readInText(byte: number): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === backslash) this.isEscaped = true;
    else if (byte === quote) this.isInText = false;
  }

  private count(): void {
    if (this.depth === 1 && ++this.fields > this.bounds.fields) this.isWithin = false;
    if (++this.values > this.bounds.values) this.isWithin = false;
  }

  private open(): void {
    if (++this.depth > this.bounds.depth) this.isWithin = false;
    if (this.depth > 1 && ++this.values > this.bounds.values) this.isWithin = false;
  }
}
