import type { PipeTransform } from '@nestjs/common';
import { notFound } from '../../../errors.js';
import { accessKeyIdPattern } from '../../../text/names.js';

/** The ID in a path: what can't be one is not found, as one that isn't there. */
export class AccessKeyIdPipe implements PipeTransform<string, string> {
  transform(text: string): string {
    if (!accessKeyIdPattern.test(text)) throw notFound('the access key');
    return text;
  }
}
