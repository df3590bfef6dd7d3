import { routes } from '../../routes.js';
import type { Answer, Content, Operation, Paths, Schema } from '../document.js';

const tags = ['Operations'];

/** As Nest answers. */
const nestError: Schema = {
  type: 'object',
  required: ['statusCode', 'message'],
  properties: {
    statusCode: { type: 'integer' },
    message: { type: 'string' },
    error: { type: 'string' },
  },
};

const json = (schema: Schema): Content => ({ 'application/json': { schema } });
const status = (value: string): Schema => ({ const: value });

function read(
  operationId: string,
  summary: string,
  success: Answer,
  others: Record<string, Answer> = {},
): { get: Operation } {
  return { get: { operationId, summary, tags, security: [], responses: { 200: success, ...others } } };
}

export const operationPaths: Paths = {
  [routes.livez.paths[0]]: read('readLiveness', 'Is the process alive?', {
    description: 'It is.',
    content: json({
      type: 'object',
      required: ['status'],
      properties: {
        status: status('ok'),
        version: { type: 'string', description: 'Of Hearthkey; for addresses of HEARTHKEY_METRICS_FROM.' },
      },
    }),
  }),
  [routes.readyz.paths[0]]: read(
    'readReadiness',
    'Can it decide?',
    {
      description: 'It can.',
      content: json({
        type: 'object',
        required: ['status'],
        properties: {
          status: status('ok'),
          apiDifferences: {
            type: 'array',
            items: { type: 'string' },
            description: 'APIs whose role file here is not what the nodes agreed on.',
          },
          apiDifferenceCount: { type: 'integer', minimum: 1, description: 'How many those are.' },
          auditFindings: {
            type: 'array',
            items: { type: 'string' },
            description: 'What was not as it had been left in the audit record.',
          },
          auditFindingCount: { type: 'integer', minimum: 1, description: 'How many those are.' },
        },
      }),
    },
    {
      503: {
        description: 'It can not.',
        content: json({
          type: 'object',
          required: ['status', 'reason'],
          properties: { status: status('unavailable'), reason: status('store_unavailable') },
        }),
      },
    },
  ),
  [routes.metrics.paths[0]]: read(
    'readMetrics',
    'Metrics for Prometheus',
    { description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } },
    {
      403: {
        description: 'Only addresses of HEARTHKEY_METRICS_FROM may read them.',
        content: json(nestError),
      },
    },
  ),
  [routes.openapi.paths[0]]: read(
    'readOpenApi',
    'This document',
    {
      description: 'The document.',
      headers: { ETag: { $ref: '#/components/headers/ETag' } },
      content: json({
        type: 'object',
        required: ['openapi'],
        properties: { openapi: status('3.1.0') },
      }),
    },
    { 304: { description: 'It is still the one with the `ETag` in `If-None-Match`.' } },
  ),
};
