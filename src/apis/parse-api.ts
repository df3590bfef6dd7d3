import { invalid, invalidFormat } from '../errors.js';
import { apiNamePattern, commandNamePattern } from '../text/names.js';
import type { ApiRole } from './role-file.js';

export function parseApiName(text: string): string {
  if (!apiNamePattern.test(text)) throw invalidFormat('api', text);
  return text;
}

export function parseApiRole(text: string): ApiRole {
  if (text === 'admin' || text === 'user') return text;
  throw invalid(`invalid role format :: ${text} (expected admin or user)`);
}

/** Names between commas; blanks round them and duplicates are taken away. */
export function parseCommandList(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of names) if (!commandNamePattern.test(name)) throw invalidFormat('command', name);
  return [...new Set(names)];
}
