import type { KnownInStore } from './record/judge-start.js';
import type { RotationLimits } from './record/rotation.js';

export interface AuditLogOptions {
  dataDir: string;
  /** `always`: each write is on the disk before the answer; `second`: at most a second of decisions is not. */
  sync: 'second' | 'always';
  /** Undefined: `<data>-audit/key`. */
  keyFile?: string | undefined;
  /** Names this node in the database; empty where one process owns it. */
  node?: string | undefined;
  /** What the database knows of the record. */
  store?: KnownInStore | undefined;
  rotation?: RotationLimits | undefined;
  onError: (error: unknown) => void;
  /** Called with what happened to the record while it was closed, and when a rotation failed. */
  onNote?: (text: string) => void;
  now?: () => number;
}
