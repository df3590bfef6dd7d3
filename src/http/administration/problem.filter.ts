import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, Inject, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApprovalRequired } from '../../approvals/approval.js';
import { AppError } from '../../errors.js';
import { LOGGER } from '../../config/config.module.js';
import type { Logger } from '../../config/logger.js';
import { endConnection } from '../early-answer.js';
import { AlreadyCreated } from '../../storage/creation-store.js';
import { allowedMethods } from '../routes.js';
import { Problem, problemOfApproval, problemOfRefusal } from './problem.js';
import type { ProblemReason } from './problem-reasons.js';

/** Of what Nest and Fastify refuse themselves, before an operation is reached. */
const reasonsOfStatuses: Readonly<Record<number, ProblemReason>> = {
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

/** Renders whatever goes wrong in REST v1 as a problem (RFC 9457). */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(HttpAdapterHost) { httpAdapter }: HttpAdapterHost,
  ) {
    super(httpAdapter);
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!request.url.startsWith('/v1/')) {
      super.catch(error, host);
      return;
    }
    const reply = http.getResponse<FastifyReply>();
    if (!request.raw.complete) endConnection(request.raw, reply.raw);
    const { members, headers } = this.problemOf(error, request);
    void reply
      .code(members.status)
      .headers({
        ...headers,
        'Content-Type': 'application/problem+json; charset=utf-8',
        'Cache-Control': 'no-store',
      })
      .send(
        JSON.stringify({ type: 'about:blank', title: STATUS_CODES[members.status] ?? 'Error', ...members }),
      );
  }

  private problemOf(error: unknown, request: FastifyRequest): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof AlreadyCreated) return problemOfRepetition(error);
    if (error instanceof ApprovalRequired) return problemOfApproval(error.approvalId, error);
    if (error instanceof AppError) {
      if (error.cause !== undefined) this.log(error.cause, request);
      return problemOfRefusal(error);
    }
    const status = statusOf(error);
    if (status === 404) return problemOfPath(request);
    if (status !== undefined && status < 500) {
      const reason = reasonsOfStatuses[status] ?? 'unreadable_request';
      return new Problem({ status, reason, detail: (error as Error).message });
    }
    this.log(error, request);
    const detail = 'The request could not be answered, see the log of the service';
    return new Problem({ status: 500, reason: 'server_error', detail });
  }

  private log(err: unknown, { id: requestId }: FastifyRequest): void {
    this.logger.error({ err, requestId }, 'a request of REST v1 could not be answered');
  }
}

function problemOfRepetition({ resourceId, message, code }: AlreadyCreated): Problem {
  return new Problem({ status: 409, reason: 'already_created', detail: message, code, id: resourceId });
}

/** No route has this path, or none with this method. */
function problemOfPath({ url, method }: FastifyRequest): Problem {
  const allowed = allowedMethods(url.split('?', 1)[0] ?? '');
  if (allowed.length === 0)
    return new Problem({ status: 404, reason: 'not_found', detail: 'There is no such path' });
  const list = allowed.join(', ');
  const detail = `${method} is not there for this path: ${list}`;
  return new Problem({ status: 405, reason: 'method_not_allowed', detail }, { Allow: list });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
