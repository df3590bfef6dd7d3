import type { Answer, OpenApiDocument, Parameter, PlacedOperation, Schema } from '../document.js';
import { curlOf, exampleOf } from './examples.js';
import { html, prose, type Html } from './html.js';
import { fieldsOf, typeText } from './schema-texts.js';

/** One operation: what it does, what it takes, how it answers, and how it is called. */
export function operationHtml(placed: PlacedOperation, document: OpenApiDocument): Html {
  const { path, method, operation } = placed;
  const { schemas } = document.components;
  const { operationId, summary, description, parameters = [], requestBody } = operation;
  return html`<section class="operation" id="${operationId}">
    <h2><a href="#${operationId}">${summary}</a></h2>
    <p class="call"><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></p>
    ${description === undefined ? html`` : html`<p>${prose(description)}</p>`}
    ${parametersHtml(parameters, document)}
    ${requestBody === undefined ? html`` : bodyHtml(requestBody.content, document)}
    <h3>Example</h3>
    <pre><code>${curlOf(placed, schemas)}</code></pre>
    <h3>Answers</h3>
    ${answersHtml(operation.responses, document)}
  </section>`;
}

function table(heads: readonly string[], rows: readonly (readonly Html[])[]): Html {
  return html`<div class="table">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function parametersHtml(parameters: readonly Parameter[], { components }: OpenApiDocument): Html {
  if (parameters.length === 0) return html``;
  const rows = parameters.map(({ name, in: place, required = false, description = '', schema }) => [
    html`<code>${name}</code>`,
    html`${place}${required ? ', required' : ''}`,
    html`${typeText(schema, components.schemas)}`,
    prose(description),
  ]);
  return html`<h3>Parameters</h3>
    ${table(['name', 'in', 'type', 'meaning'], rows)}`;
}

function bodyHtml(content: Readonly<Record<string, { schema: Schema }>>, document: OpenApiDocument): Html {
  const types = Object.keys(content).map((type) => html` <code>${type}</code>`);
  const [first] = Object.values(content);
  return html`<h3>Body</h3>
    <p>As${types}.</p>
    ${first === undefined ? html`` : schemaHtml(first.schema, document)}`;
}

function schemaHtml(schema: Schema, { components }: OpenApiDocument): Html {
  const fields = fieldsOf(schema, components.schemas);
  if (fields.length === 0) return html`<p>${typeText(schema, components.schemas)}</p>`;
  const rows = fields.map(({ name, type, isRequired, description }) => [
    html`<code>${name}</code>`,
    html`${type}`,
    html`${isRequired ? 'yes' : 'no'}`,
    prose(description),
  ]);
  return table(['field', 'type', 'always there', 'meaning'], rows);
}

function answersHtml(responses: Record<string, Answer>, document: OpenApiDocument): Html {
  const all = Object.entries(responses).map(
    ([status, answer]) => [status, resolveAnswer(answer, document)] as const,
  );
  const rows = all.map(([status, { description = '', headers = {}, content = {} }]) => [
    html`${status}`,
    prose(description),
    html`${Object.keys(content).map((type) => html`<code>${type}</code> `)}`,
    html`${Object.keys(headers).map((name) => html`<code>${name}</code> `)}`,
  ]);
  const success = all.find(([status, { content }]) => status.startsWith('2') && content !== undefined);
  const schema = Object.entries(success?.[1].content ?? {}).find(([type]) => type.endsWith('json'))?.[1]
    .schema;
  return html`${table(['status', 'meaning', 'type', 'headers'], rows)}
  ${schema === undefined ? html`` : successHtml(schema, document)}`;
}

function successHtml(schema: Schema, document: OpenApiDocument): Html {
  const example = JSON.stringify(exampleOf(schema, document.components.schemas), null, 2);
  return html`<h3>Answer of a success</h3>
    ${schemaHtml(schema, document)}
    <pre><code>${example}</code></pre>`;
}

function resolveAnswer(answer: Answer, { components }: OpenApiDocument): Answer {
  const name = answer.$ref?.split('/').at(-1);
  return name === undefined ? answer : (components.responses[name] ?? answer);
}
