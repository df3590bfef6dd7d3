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
  const downloads = target.closest('[data-downloads]');
  if (downloads) {
    const { textContent } = document.getElementById(downloads.dataset.downloads);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([textContent]));
    link.download = downloads.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
  const opens = target.closest('[data-opens]');
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
});

// Long lists: entries that have a text in them; groups that have such entries. And all check boxes at once.
document.addEventListener('input', ({ target }) => {
  const { narrows, all } = target.dataset;
  if (all)
    for (const box of target.form.querySelectorAll(`input[name="${all}"]`)) box.checked = target.checked;
  if (!narrows) return;
  const text = target.value.trim().toLowerCase();
  const list = document.getElementById(narrows);
  for (const item of list.querySelectorAll('[data-item]'))
    item.hidden = !item.textContent.toLowerCase().includes(text);
  for (const group of list.querySelectorAll('[data-group]')) {
    group.hidden = !group.querySelector('[data-item]:not([hidden])');
    group.open = text === '' ? group.dataset.group === 'open' : !group.hidden;
  }
});

// What a key may do, in one sentence of the page's words (key-sentence.ts).
const sentence = document.getElementById('sentence');
if (sentence) {
  const words = JSON.parse(sentence.dataset.sentence);
  const { root: rootUser, end: presentEnd } = sentence.dataset;
  const administrators = JSON.parse(sentence.dataset.administrators);
  const { elements } = sentence.closest('form');
  const fill = (text, value) => text.replace('#', () => value);
  const dayFormat = new Intl.DateTimeFormat(root.lang, { dateStyle: 'long', timeZone: 'UTC' });
  const endOf = (choice) => {
    if (choice === 'keep') return presentEnd;
    if (choice === 'date') return elements.expiresAt.value;
    return parseInt(choice) ? Date.now() + parseInt(choice) * 86400000 : '';
  };
  const speak = () => {
    const user = elements.user.value.trim();
    const isRoot = user !== '' && user === rootUser;
    const boxes = [...sentence.closest('form').querySelectorAll('[data-commands]:checked')];
    const isAdministrator = !isRoot && administrators.includes(user);
    const ofAdmin = boxes.filter(({ dataset }) => isAdministrator && dataset.role === 'admin');
    const granting = boxes.filter((box) => isRoot || box.dataset.role === 'user' || ofAdmin.includes(box));
    const commandsOf = (some) =>
      new Set(some.flatMap(({ dataset }) => dataset.commands.split(' ').filter(Boolean)));
    const [commands, forOthers] = [commandsOf(granting), commandsOf(ofAdmin)];
    const reach = () => {
      if (isRoot) return [words.allUsers];
      if (user === '') return [];
      if (forOthers.size === 0) return [fill(words.user, user)];
      if (forOthers.size === commands.size) return [words.allButRoot];
      return [fill(words.someButRoot, forOthers.size), fill(words.othersFor, user)];
    };
    const addresses = elements.allowedAddresses.value.split(/[\s,]+/).filter(Boolean).length;
    const end = endOf(elements.end.value);
    const rate = elements.rateLimit.value.trim();
    const quota = elements.quota.value.trim();
    const only = elements.only.value.split(/\s+/).filter(Boolean).join(' ');
    const parts = [
      isRoot && elements.everything?.checked
        ? words.everything
        : ([words.nothing, words.oneCommand][commands.size] ?? fill(words.commands, commands.size)),
      ...reach(),
      [words.anywhere, words.oneAddress][addresses] ?? fill(words.addresses, addresses),
      end ? fill(words.until, dayFormat.format(new Date(end))) : words.forever,
      rate && fill(words.rate, rate),
      quota && fill(words.quota, quota),
      only && fill(words.only, only),
    ];
    sentence.textContent = `${parts.filter(Boolean).join(', ')}.`;
  };
  sentence.closest('form').addEventListener('input', speak);
  speak();
}

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
const post = async (path, body, csrf = '') => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
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

for (const form of document.querySelectorAll('form[data-enrols]'))
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { name, csrf } = form.elements;
    try {
      const { publicKey } = await post('/v1/passkeys/options', {}, csrf.value);
      const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
      const credential = await navigator.credentials.create({ publicKey: options });
      await post('/v1/passkeys', { name: name.value, credential: credential.toJSON() }, csrf.value);
      location.reload();
    } catch {
      say(form.dataset.failed);
    }
  });
