import { usePage } from '../page.js';
import { layoutTexts } from '../layout/texts.js';

const isOption = (word: string): boolean => /^--[a-z-]+$/.test(word);

/** A text to be taken along, with a button that copies it. A line does not break behind the hyphens of an option. */
export function CopyBox({ id, label, text }: { id: string; label: string; text: string }) {
  const texts = usePage().t(layoutTexts);
  return (
    <div class="copy-box">
      <span class="label" id={`${id}-label`}>
        {label}
      </span>
      <pre id={id} tabIndex={0} aria-labelledby={`${id}-label`} role="region">
        {text.split(/(\s+)/).map((word) => (isOption(word) ? <span class="whole">{word}</span> : word))}
      </pre>
      <button type="button" class="quiet needs-script" data-copies={id}>
        {texts.copy}
        <span class="hidden"> {label}</span>
      </button>
    </div>
  );
}
