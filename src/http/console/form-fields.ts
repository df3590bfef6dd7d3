/** The fields of a form that a page sent, each a text. What they have to look like REST v1 says. */
export class FormFields {
  private readonly fields: Readonly<Record<string, unknown>>;

  /** @param body - as the server parsed it */
  constructor(body: unknown) {
    this.fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  }

  /** @returns the first value, without blanks around it; empty: there is none */
  text(name: string): string {
    return (this.all(name)[0] ?? '').trim();
  }

  /** As it was sent: passwords and secrets. */
  exact(name: string): string {
    return this.all(name)[0] ?? '';
  }

  /** @returns undefined where nothing was filled in */
  optional(name: string): string | undefined {
    return this.text(name) || undefined;
  }

  /** Of check boxes, and of fields that are there more than once; empty ones left out. */
  all(name: string): string[] {
    const value = Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
    const values = Array.isArray(value) ? value : [value];
    return values.filter((one): one is string => typeof one === 'string' && one !== '');
  }

  /** Of a text area: entries between commas, blanks and line breaks. */
  list(name: string): string[] {
    return this.text(name)
      .split(/[\s,]+/)
      .filter((entry) => entry !== '');
  }

  /** Entries on lines of their own, with commas in them. */
  lines(name: string): string[] {
    return this.text(name)
      .split(/\s+/)
      .filter((entry) => entry !== '');
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }
}
