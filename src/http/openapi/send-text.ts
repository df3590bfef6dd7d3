import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServedText } from './openapi.js';

/** A client may keep it, and asks whether it is still the same before it uses it again. */
export function sendText(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  type: string,
  { text, entityTag }: ServedText,
): void {
  void reply.headers({
    'Content-Type': type,
    'Cache-Control': 'no-cache',
    ETag: entityTag,
    'X-Content-Type-Options': 'nosniff',
  });
  const known = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(entityTag) || known.includes('*')) void reply.code(304).send();
  else void reply.send(text);
}
