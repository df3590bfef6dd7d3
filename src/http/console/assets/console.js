// The console's one script. Every page works without it; it makes searching, copying, moments and dialogs better.
const root = document.documentElement;
root.classList.add('scripted');

const trusted = globalThis.trustedTypes?.createPolicy('hearthkey', { createHTML: (html) => html });

/** A page of ours as a document; nothing of it runs. */
const parse = (html) =>
  new DOMParser().parseFromString(trusted ? trusted.createHTML(html) : html, 'text/html');

const toast = document.getElementById('toast');
let toastTimer;
function say(text) {
  toast.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.textContent = ''), 4000);
}

// Moments in the reader's zone; the title keeps UTC.
const momentFormat = (timeStyle) => new Intl.DateTimeFormat(root.lang, { dateStyle: 'medium', timeStyle });
const [toMinutes, toSeconds] = [momentFormat('short'), momentFormat('medium')];
function localize(part) {
  for (const time of part.querySelectorAll('time.moment'))
    time.textContent = (time.matches('.exact') ? toSeconds : toMinutes).format(new Date(time.dateTime));
}
localize(document);

// On a narrow screen the menu begins closed.
const menu = document.querySelector('details.menu');
if (menu && matchMedia('(max-width: 48rem)').matches) menu.open = false;

// The part of a page that changes is fetched again, and put in the place of what is there.
let newest = 0;
async function show(url, isQuiet) {
  const number = ++newest;
  const results = document.querySelector('[data-results]');
  if (!isQuiet) results.classList.add('busy');
  try {
    const answer = await fetch(url, { headers: { Accept: 'text/html' } });
    if (answer.redirected) return location.assign(answer.url);
    const html = await answer.text();
    if (number !== newest) return;
    const found = parse(html).querySelector('[data-results]');
    if (!found) return location.assign(url);
    localize(found);
    results.replaceChildren(...found.childNodes);
    history.replaceState(null, '', url);
    follow();
  } catch {
    say(document.body.dataset.offline);
  } finally {
    if (number === newest) results.classList.remove('busy');
  }
}

// Filters: the list is fetched as they are typed, and the URL keeps them.
for (const form of document.querySelectorAll('form[data-live]')) {
  let timer;
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
      void show(`${location.pathname}?${query}`);
    }, 200);
  });
}

// What is recorded: rows that the service renders are put before those that are there, or the page is fetched again.
const mostRows = 500;
let events;
let refreshing;
function follow() {
  events?.close();
  const list = document.querySelector('[data-follows]');
  if (!list || document.hidden) return;
  events = new EventSource(list.dataset.follows);
  events.addEventListener('message', ({ data, lastEventId }) => {
    if ('refreshes' in list.dataset) {
      clearTimeout(refreshing);
      refreshing = setTimeout(() => void show(location.href, true), 300);
      return;
    }
    const rows = parse(`<table><tbody>${data}</table>`).querySelectorAll('tr');
    for (const row of rows) localize(row);
    list.prepend(...rows);
    while (list.children.length > mostRows) list.lastElementChild.remove();
    const url = new URL(list.dataset.follows, location.href);
    url.searchParams.set('after', lastEventId);
    list.dataset.follows = url.pathname + url.search;
  });
  const source = events;
  events.addEventListener('error', () => {
    const ended = document.querySelector('[data-ended]');
    if (ended && source.readyState === EventSource.CLOSED) ended.hidden = false;
  });
}
follow();
document.addEventListener('visibilitychange', follow);

// Parts that take the service a while: they are taken out of another page.
for (const part of document.querySelectorAll('[data-loads]')) {
  fetch(part.dataset.loads)
    .then(async (answer) => {
      const found = parse(await answer.text()).getElementById(part.dataset.part);
      if (answer.ok && found) part.replaceChildren(...found.childNodes);
    })
    .catch(() => undefined);
}

// Copies, dialogs, confirmations.
document.addEventListener('click', async ({ target }) => {
  const copies = target.closest('[data-copies]');
  if (copies) {
    const { textContent } = document.getElementById(copies.dataset.copies);
    await navigator.clipboard.writeText(textContent);
    say(document.body.dataset.copied);
  }
  const opens = target.closest('[data-opens]');
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
});

// Forms: sent once.
document.addEventListener('submit', ({ target, submitter }) => {
  if (target.method !== 'post') return;
  setTimeout(() => submitter?.setAttribute('disabled', ''));
});
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[disabled]')) button.disabled = false;
});

// A page with a secret that is shown once: leaving it asks first.
if (document.querySelector('[data-once]')) {
  let isTaken = false;
  document.addEventListener('click', ({ target }) => {
    if (target.closest('[data-taken]')) isTaken = true;
  });
  addEventListener('beforeunload', (event) => {
    if (!isTaken) event.preventDefault();
  });
}

// Shortcuts.
const typing = 'input, select, textarea, [contenteditable]';
let before = '';
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
  const { key } = event;
  const keys = before === 'g' ? `g ${key}` : key;
  before = key;
  if (keys === '?') document.getElementById('shortcuts').showModal();
  else if (keys === '/') {
    const field = document.querySelector('[data-search]');
    if (!field) return;
    event.preventDefault();
    field.focus();
  } else if (keys === 'g k') location.assign('/console/keys');
  else if (keys === 'g r') location.assign('/console/record');
  else document.querySelector(`a[data-key="${CSS.escape(key)}"]`)?.click();
});

// The token of a login link stands behind the `#`: it is taken out of the address at once, and sent.
const tokenForm = document.querySelector('form[data-takes-token]');
const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (tokenForm && token) {
  history.replaceState(null, '', location.pathname + location.search);
  tokenForm.closest('details').open = true;
  tokenForm.elements.token.value = token;
  tokenForm.requestSubmit();
}

// Passkeys: REST v1 makes the options, and takes what the authenticator answers.
const post = async (path, body) => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json();
};
const passkey = document.querySelector('[data-passkey]');
passkey?.addEventListener('click', async () => {
  try {
    const { publicKey } = await post('/v1/sessions/options', {});
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
    const credential = await navigator.credentials.get({ publicKey: options });
    await post('/v1/sessions', { passkey: credential.toJSON() });
    location.assign(passkey.dataset.passkey);
  } catch {
    say(passkey.dataset.failed);
  }
});
