import { Inject, Injectable } from '@nestjs/common';
import { operationsOf, type OpenApiDocument, type PlacedOperation } from '../document.js';
import { OpenApi, servedText, type ServedText } from '../openapi.js';
import { anchorOf, html, prose, type Html } from './html.js';
import { operationHtml } from './operation-html.js';

/** The pages at `/docs`, made from the OpenAPI document when somebody asks for the first one. */
@Injectable()
export class DocsPages {
  private rendered: Promise<ReadonlyMap<string, ServedText>> | undefined;

  constructor(@Inject(OpenApi) private readonly openApi: OpenApi) {}

  /** @param name - empty: the first page; undefined is answered where there is no such page */
  async read(name: string): Promise<ServedText | undefined> {
    this.rendered ??= this.openApi.read().then(({ document }) => renderPages(document));
    return (await this.rendered).get(name);
  }
}

interface Group {
  name: string;
  page: string;
  description: string;
  operations: PlacedOperation[];
}

/** Every page, by its name in the path. */
export function renderPages(document: OpenApiDocument): ReadonlyMap<string, ServedText> {
  const operations = operationsOf(document.paths);
  const groups = document.tags.map(({ name, description = '' }): Group => ({
    ...{ name, description, page: anchorOf(name) },
    operations: operations.filter(({ operation }) => operation.tags.includes(name)),
  }));
  const pages = groups.map((group): [string, ServedText] => [
    group.page,
    layout(group.name, groups, groupHtml(group, document)),
  ]);
  return new Map([['', layout(document.info.title, groups, startHtml(document, groups))], ...pages]);
}

function groupHtml({ name, description, operations }: Group, document: OpenApiDocument): Html {
  return html`<h1>${name}</h1>
    <p>${prose(description)}</p>
    ${operations.map((placed) => operationHtml(placed, document))}`;
}

function startHtml({ info }: OpenApiDocument, groups: readonly Group[]): Html {
  return html`<h1>${info.title} ${info.version}</h1>
    <p>${prose(info.description)}</p>
    <p>
      REST v1 and the REST dialect take an access key: <code>Authorization: Bearer ID:SECRET</code>. The same
      description for programs is <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).
    </p>
    ${groups.map(
      ({ name, page, operations }) =>
        html`<h2><a href="/docs/${page}">${name}</a></h2>
          <ul class="operations">
            ${operations.map(
              ({ path, method, operation }) =>
                html`<li>
                  <a href="/docs/${page}#${operation.operationId}">
                    <span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></a
                  >
                  <span>${operation.summary}</span>
                </li>`,
            )}
          </ul>`,
    )}`;
}

function layout(title: string, groups: readonly Group[], main: Html): ServedText {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Hearthkey API</title>
        <link rel="stylesheet" href="/docs/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <nav aria-label="Pages">
          <a href="/docs">Hearthkey API</a>
          <ul>
            ${groups.map(({ name, page }) => html`<li><a href="/docs/${page}">${name}</a></li>`)}
          </ul>
        </nav>
        <main id="main">${main}</main>
      </body>
    </html>`;
  return servedText(`${page.text}\n`);
}
