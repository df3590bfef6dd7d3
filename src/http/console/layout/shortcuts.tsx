import { usePage } from '../page.js';
import { layoutTexts } from './texts.js';

/** Opened by `?` and by its button; without scripts there are no shortcuts, and the button is hidden. */
export function Shortcuts() {
  const texts = usePage().t(layoutTexts);
  return (
    <>
      <button class="quiet needs-script" type="button" data-opens="shortcuts">
        {texts.shortcuts} <kbd>?</kbd>
      </button>
      <dialog id="shortcuts" aria-labelledby="shortcuts-title">
        <h2 id="shortcuts-title">{texts.shortcuts}</h2>
        <dl class="shortcuts">
          {texts.shortcutRows.map(([keys = '', what]) => (
            <div key={keys}>
              <dt>
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button>{texts.close}</button>
        </form>
      </dialog>
    </>
  );
}
