import type { Schema } from '../document.js';

/*
 * What a question of AuthZEN has to say here. The adapter refuses fewer bodies than these schemas would: a question about
 * another kind of subject, action or resource is denied, and answered with 200.
 */

const text = (maxLength: number, description: string): Schema => ({ type: 'string', maxLength, description });

const parts: Record<string, Schema> = {
  subject: {
    type: 'object',
    required: ['type', 'id'],
    properties: {
      type: { type: 'string', examples: ['access_key'] },
      id: text(100, 'The access key ID.'),
      properties: {
        type: 'object',
        properties: {
          secretAccessKey: text(200, 'The secret access key.'),
          accessKeyId: text(100, 'If given, the same ID.'),
        },
      },
    },
  },
  action: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', examples: ['run'] } },
  },
  resource: {
    type: 'object',
    required: ['type', 'id'],
    properties: {
      type: { type: 'string', examples: ['command'] },
      id: { ...text(65_536, 'The command.'), examples: ['v-list-mail-domains'] },
      properties: {
        type: 'object',
        properties: {
          args: { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 65_536 } },
        },
      },
    },
  },
  context: {
    type: 'object',
    properties: { clientIp: text(100, "The client address; left out: the caller's own.") },
  },
};

export const authzenSchemas: Record<string, Schema> = {
  Evaluation: { type: 'object', required: ['subject', 'action', 'resource'], properties: parts },
  Evaluations: {
    type: 'object',
    properties: {
      ...parts,
      evaluations: {
        type: 'array',
        maxItems: 100,
        description: 'Each takes the parts that it has not from beside this list.',
        items: { type: 'object', properties: parts },
      },
      options: {
        type: 'object',
        properties: {
          evaluations_semantic: {
            type: 'string',
            enum: ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'],
          },
        },
      },
    },
  },
};
