import type { Language } from '../languages.js';
import { germanDetail, germanMessage } from './problem-words.de.js';

/** A field of a request that REST v1 refused. */
export interface WrongField {
  field: string;
  message: string;
}

/** REST v1 refused what a page asked of it (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly reason: string;
  readonly errors: readonly WrongField[];
  /** Of a repeated creation: what the first one made. */
  readonly id: string | undefined;

  /** @param language - of the reader; REST v1 speaks English */
  constructor(status: number, body: string, language: Language = 'en') {
    const { detail = '', reason = 'server_error', errors = [], id } = inLanguage(language, readProblem(body));
    super(detail);
    this.status = status;
    this.reason = reason;
    this.errors = errors;
    this.id = id;
  }

  /** What a page asks for itself, before it asks REST v1. */
  static ofField(field: string, message: string): ApiProblem {
    const errors = [{ field, message }];
    return new ApiProblem(400, JSON.stringify({ detail: message, reason: 'invalid_input', errors }));
  }

  /** Nobody is logged in, or not any more. */
  get needsLogin(): boolean {
    return this.status === 401;
  }

  messageFor(field: string): string | undefined {
    // A list names the entry that is wrong: `permissions.0`.
    return this.errors.find(({ field: name }) => name === field || name.startsWith(`${field}.`))?.message;
  }
}

interface ProblemBody {
  detail?: string;
  reason?: string;
  errors?: WrongField[];
  id?: string;
}

function inLanguage(language: Language, problem: ProblemBody): ProblemBody {
  const { reason = 'server_error', detail = '', errors = [] } = problem;
  if (language === 'en') return problem;
  const words = errors.map(({ field }) => ({ field, message: germanMessage(field) }));
  return { ...problem, detail: germanDetail(reason, detail), errors: words };
}

function readProblem(body: string): ProblemBody {
  try {
    return JSON.parse(body) as ProblemBody;
  } catch {
    return { detail: body };
  }
}
