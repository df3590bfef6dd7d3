export type Tone = 'good' | 'bad' | 'warn' | 'plain';

/** A state as a word; its colour says nothing that the word doesn't. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
