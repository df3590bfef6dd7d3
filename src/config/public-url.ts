import { z } from 'zod';
import type { ListenPlace } from './listen-setting.js';

const loopbackNames = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL's host name is one of this machine itself, to its browsers. */
export function isLoopbackName(hostname: string): boolean {
  return loopbackNames.test(hostname);
}

/** Where browsers reach the service. Sessions need TLS, so without it there is only this machine. */
export const publicUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackName(url.hostname));
  if (url !== undefined && isSafe && url.href === `${url.origin}/`) return url.origin;
  context.addIssue({
    code: 'custom',
    message: 'expected https://NAME or https://NAME:PORT without a path; http:// for localhost alone',
  });
  return z.NEVER;
});

/** By its own name for this machine, where nothing else is set. */
export function publicUrlOf(listen: readonly ListenPlace[], hasTls: boolean): string {
  const place = listen.find((each) => 'port' in each);
  const scheme = hasTls ? 'https' : 'http';
  return place === undefined ? `${scheme}://localhost` : `${scheme}://localhost:${String(place.port)}`;
}
