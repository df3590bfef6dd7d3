import { z } from 'zod';
import { parseByteSize } from './byte-size.js';
import { duration } from './setting-forms.js';

/** How long the audit record is kept, and when a new file of it is begun. */
export interface AuditRecordSettings {
  /** Undefined: it is not put away for its age. */
  keepMs: number | undefined;
  /** Undefined: it is not put away for its size. */
  keepBytes: number | undefined;
  fileBytes: number;
  fileAgeMs: number;
  /** The settings that put files away, as they were given: for the statement about what was put away. */
  keepText: string;
}

const byteSize = z.string().transform((text, context) => {
  const bytes = parseByteSize(text);
  if (bytes !== undefined) return bytes;
  context.addIssue({
    code: 'custom',
    message: 'expected a number with a unit (KB, MB, GB or TB), such as 50GB',
  });
  return z.NEVER;
});

const seconds = duration.refine((ms) => ms >= 1000, 'expected a duration from 1s, such as 400d');

/** The value, and the text that it was read from. */
const asGiven = (form: z.ZodType<number, string>) =>
  z.string().transform((text, context) => {
    const parsed = form.safeParse(text);
    if (parsed.success) return { value: parsed.data, text: text.trim() };
    for (const { message } of parsed.error.issues) context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

export const auditRecordSchema = {
  AUDIT_SYNC: z.enum(['second', 'always']).default('second'),
  AUDIT_KEEP: asGiven(seconds).optional(),
  AUDIT_KEEP_SIZE: asGiven(byteSize).optional(),
  AUDIT_FILE_SIZE: byteSize
    .refine((bytes) => bytes >= 1000 && bytes <= 1e12, 'expected a size from 1KB to 1TB')
    .default(1e9),
  AUDIT_FILE_AGE: seconds.default(604_800_000),
};

interface Given {
  value: number;
  text: string;
}

interface AuditRecordValues {
  AUDIT_KEEP?: Given | undefined;
  AUDIT_KEEP_SIZE?: Given | undefined;
  AUDIT_FILE_SIZE: number;
  AUDIT_FILE_AGE: number;
}

/** Problems between two settings. The schema reports settings that can't be parsed. */
export function auditRecordProblems(given: Readonly<Record<string, string>>): string[] {
  const keep = parseByteSize(given['AUDIT_KEEP_SIZE'] ?? '');
  const file = parseByteSize(given['AUDIT_FILE_SIZE'] ?? '1GB');
  // Files are put away as a whole: with less, hardly more than the present file would be kept.
  if (keep === undefined || file === undefined || keep >= 2 * file) return [];
  return [
    'HEARTHKEY_AUDIT_KEEP_SIZE: expected at least twice HEARTHKEY_AUDIT_FILE_SIZE, which is 1GB unless it is set',
  ];
}

export function resolveAuditRecord(values: AuditRecordValues): AuditRecordSettings {
  const { AUDIT_KEEP: keep, AUDIT_KEEP_SIZE: size } = values;
  const texts = [
    ...(keep === undefined ? [] : [`HEARTHKEY_AUDIT_KEEP=${keep.text}`]),
    ...(size === undefined ? [] : [`HEARTHKEY_AUDIT_KEEP_SIZE=${size.text}`]),
  ];
  return {
    keepMs: keep?.value,
    keepBytes: size?.value,
    fileBytes: values.AUDIT_FILE_SIZE,
    fileAgeMs: values.AUDIT_FILE_AGE,
    keepText: texts.join(' and '),
  };
}
