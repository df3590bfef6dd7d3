import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import { LOGGER } from '../../config/config.module.js';
import type { Logger } from '../../config/logger.js';
import type { CurrentSessionDto } from '../administration/sessions/session.dto.js';
import { ApiProblem } from './api/api-problem.js';
import { ConsoleApi } from './api/console-api.js';
import { FormFields } from './form-fields.js';
import { ErrorPage } from './layout/error-page.js';
import { Layout } from './layout/layout.js';
import { origin } from './own-path.js';
import { PageProvider, type Page, type PageContent, type PageView } from './page.js';
import { readPreferences } from './preferences/preferences.js';
import { pageHeaders } from './security-headers.js';

/** Where a form leads: another page, or one with what was made, or with what is wrong. */
export type Outcome = { goTo: string } | PageContent;

/** An answer that is no page. A stream is sent while it is made. */
export interface Download {
  content: Readable | string;
  type: string;
  /** It is saved under this name; absent: it is for a script. */
  fileName?: string;
}

/** Answers the requests of browsers: with a page, or by the way to one. */
@Injectable()
export class ConsolePages {
  constructor(
    @Inject(ConsoleApi) private readonly api: ConsoleApi,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A page for somebody who has logged in; others are sent to the login, and come back from there. */
  async show(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (page: Page) => Promise<PageContent>,
  ): Promise<void> {
    await this.answer(request, reply, (view) => this.withSession(view, request, undefined, work));
  }

  /** The same with something else than a page. */
  async download(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (page: Page) => Promise<Download>,
  ): Promise<void> {
    await this.answer(request, reply, (view) => this.withSession(view, request, undefined, work));
  }

  /** What a form sent. A refusal is answered by `work` itself, with the form and what is wrong, or by an error page. */
  async submit(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (page: Page, form: FormFields) => Promise<Outcome>,
  ): Promise<void> {
    const form = new FormFields(request.body);
    await this.answer(request, reply, (view) =>
      this.withSession(view, request, form.exact('csrf'), (page) => work(page, form)),
    );
  }

  /** A page that nobody has to log in for. */
  async showToAnybody(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (view: PageView) => Promise<Outcome>,
  ): Promise<void> {
    await this.answer(request, reply, work);
  }

  private async withSession<T>(
    view: PageView,
    request: FastifyRequest,
    pageToken: string | undefined,
    work: (page: Page) => Promise<T>,
  ): Promise<T> {
    const session = await this.api.as(request).get<CurrentSessionDto>('/v1/sessions/current');
    // The layout shows who it is, also around an error.
    view.session = session;
    return work({ ...view, session, api: this.api.as(request, pageToken) });
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (view: PageView) => Promise<Outcome | Download>,
  ): Promise<void> {
    const view = viewOf(request);
    void reply.headers(pageHeaders);
    const outcome = await work(view).catch((error: unknown) => this.outcomeOf(error, request));
    if ('goTo' in outcome) {
      void reply.redirect(outcome.goTo, 303);
      return;
    }
    if ('content' in outcome) {
      const { content, type, fileName } = outcome;
      if (fileName !== undefined)
        void reply.header('Content-Disposition', `attachment; filename="${fileName}"`);
      void reply.header('Content-Type', type).send(content);
      return;
    }
    const page = renderIn(view, <Layout title={outcome.title}>{outcome.body}</Layout>);
    void reply
      .code(outcome.status ?? 200)
      .header('Content-Type', 'text/html; charset=utf-8')
      .send(`<!doctype html>${page}`);
  }

  private outcomeOf(error: unknown, { id, method, url }: FastifyRequest): Outcome {
    if (error instanceof ApiProblem && error.needsLogin) {
      const next = method === 'GET' ? url : '/console';
      return { goTo: `/console/login?next=${encodeURIComponent(next)}` };
    }
    if (!(error instanceof ApiProblem))
      this.logger.error({ err: error, requestId: id }, 'a page could not be made');
    const status = error instanceof ApiProblem ? error.status : 500;
    const detail = error instanceof ApiProblem ? error.message : undefined;
    const body = <ErrorPage status={status} detail={detail} requestId={id} />;
    return { title: String(status), status, body };
  }
}

/** A part of a page as HTML, in the language of its reader. */
export function renderIn(view: PageView, part: VNode): string {
  return render(<PageProvider value={view}>{part}</PageProvider>);
}

function viewOf({ url, headers }: FastifyRequest): PageView {
  const { language, theme } = readPreferences(headers);
  return {
    ...{ language, theme, session: undefined },
    url: new URL(url, origin),
    t: (texts) => texts[language],
  };
}
