import { z } from 'zod';
import { duration, secretPrefix, yesNo } from './setting-forms.js';

/** What new access keys may be. */
export const keySchema = {
  KEY_MAX_LIFE: duration.refine((ms) => ms >= 1000, 'expected a duration from 1s, such as 365d').optional(),
  KEY_MUST_EXPIRE: yesNo.default(false),
  KEYS_PER_USER: z.coerce.number().int().min(1).max(1_000_000).optional(),
  SECRET_PREFIX: secretPrefix.default(''),
};

interface KeyValues {
  KEY_MAX_LIFE?: number | undefined;
  KEY_MUST_EXPIRE: boolean;
  KEYS_PER_USER?: number | undefined;
  SECRET_PREFIX: string;
}

export function resolveKeys(values: KeyValues) {
  return {
    keyPolicy: {
      maxLifeMs: values.KEY_MAX_LIFE,
      mustExpire: values.KEY_MUST_EXPIRE,
      maxKeysPerUser: values.KEYS_PER_USER,
    },
    /** What new secrets begin with. */
    secretPrefix: values.SECRET_PREFIX,
  };
}
