import { hash } from 'node:crypto';
import type { AlertType } from '../../config/alert-types.js';

/** What receivers get of an event that somebody should look at. Nothing in it is secret. */
export interface Alert {
  /** The same whenever this alert is sent: a receiver drops what it has had. */
  id: string;
  type: AlertType | 'alert.test';
  /** When it happened: ISO 8601 with milliseconds, UTC. */
  timestamp: string;
  data: AlertData;
}

/** `chain` and `event` name the event of the audit record; further members are of each type. */
export interface AlertData {
  chain: string;
  event: number;
  accessKeyId?: string;
  user?: string;
  clientAddress?: string;
  command?: string;
  [member: string]: unknown;
}

/** An alert that waits, with the number of its event in the record. */
export interface WaitingAlert extends Alert {
  number: number;
}

/** An event gives at most one alert of a type, so that its place and the type make the ID. */
export function alertId(chain: string, number: number, type: string): string {
  return `msg_${hash('sha256', `${chain}:${String(number)}:${type}`).slice(0, 32)}`;
}

/** The alert as JSON: these bytes are signed. */
export function alertBody({ type, timestamp, data }: Alert): string {
  return JSON.stringify({ type, timestamp, data });
}
