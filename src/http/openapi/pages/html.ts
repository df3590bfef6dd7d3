/** A text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Html[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML from a template: each part that is no HTML already is escaped, so no text becomes a tag or an attribute. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.map((text, index) => (index === 0 ? '' : render(parts[index - 1])) + text).join(''));
}

function render(part: Part | undefined): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return String(part).replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}

/** A description: `code` between backticks; nothing else of Markdown is in one. */
export function prose(text: string): Html {
  const parts = text.split(/`([^`]*)`/);
  return new Html(
    parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`).text).join(''),
  );
}

/** What a heading is linked by. */
export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
