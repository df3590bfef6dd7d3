import type { HeldTold, RoleTold, whyTexts } from '../../../authorization/explain/texts/why.js';
import { inGroups } from '../../../text/group-digits.js';
import { germanProblem } from '../known-problems.de.js';

const places = (numbers: readonly number[]): string => numbers.map(String).join(' und ');

/** Why a step ended as it did, in German. A sentence that is missing is an error of the compiler. */
export const germanWhy: typeof whyTexts = {
  none: () => '',
  api_off: () => 'Zugriffsschlüssel sind ausgeschaltet',
  api_root_user: () => 'eingeschaltet sind die Zugriffsschlüssel des Root-Benutzers',
  api_all_users: () => 'eingeschaltet sind die Zugriffsschlüssel aller Benutzer',
  address_every: () => 'jede Adresse ist zugelassen',
  address_open: () => 'keine Adresse angegeben',
  address_in: ({ address }) => `${address || 'eine unbekannte Adresse'} ist zugelassen`,
  address_out: ({ address }) => `${address || 'eine unbekannte Adresse'} ist nicht zugelassen`,
  command_is_name: () => 'ein Befehlsname',
  command_missing: () => 'es fehlt einer',
  command_no_name: ({ command }) => `${command} ist kein Befehlsname`,
  key_unknown: () => 'diesen Schlüssel gibt es nicht',
  key_of: ({ user, makers }) =>
    [`gehört ${user}`, ...makers.map((id) => `angelegt mit dem Schlüssel ${id}`)].join(', '),
  secret_strong: () => 'sein Geheimnis lässt sich nicht erraten',
  secret_weak_heard: () =>
    'sein Geheimnis lässt sich erraten, aber für diese Adresse ist der Schlüssel nicht geschlossen',
  secret_weak_closed: () => 'sein Geheimnis lässt sich erraten, und zu viele Versuche schlugen fehl',
  secret_weak_somewhere: () =>
    'sein Geheimnis lässt sich erraten, und zu viele Versuche schlugen fehl: Er gilt nur noch von Adressen, von denen aus er bekannt ist',
  secret_canary: () => 'Der Schlüssel ist ein Köder: Er wird beantwortet wie einer mit falschem Geheimnis',
  secret_assumed: () => 'als richtig angenommen: Hier wird nicht danach gefragt',
  key_suspended: () => 'der Schlüssel ist gesperrt',
  key_not_suspended: () => 'der Schlüssel ist nicht gesperrt',
  maker_gone: ({ maker }) => `den Schlüssel ${maker}, der ihn angelegt hat, gibt es nicht mehr`,
  maker_suspended: ({ maker }) => `der Schlüssel ${maker}, der ihn angelegt hat, ist gesperrt`,
  end_none: () => 'der Schlüssel hat kein Ende',
  end_future: ({ maker, at }) => `${keyText(maker)} endet am ${at}`,
  end_past: ({ maker, at }) => `${keyText(maker)} endete ${at === '' ? 'durch --expires now' : `am ${at}`}`,
  addresses_none: () => 'der Schlüssel hat keine eigenen Adressen',
  addresses_only: ({ addresses, maker, isOpen }) => {
    const which = maker === '' ? '' : ` (Schlüssel ${maker}, der ihn angelegt hat)`;
    return `nur von ${addresses.join(', ')}${which}${isOpen ? ', und keine Adresse angegeben' : ''}`;
  },
  rate_none: () => 'der Schlüssel hat kein eigenes Limit',
  rate: ({ limits, isUsedUp, resetSeconds }) => {
    const told = limits.map(({ limit, maker }) =>
      maker === '' ? limit : `${limit} zusammen mit dem Schlüssel ${maker}, der ihn angelegt hat`,
    );
    const rest = isUsedUp
      ? `aufgebraucht für ${String(resetSeconds)} Sekunden`
      : 'zurzeit nicht aufgebraucht';
    return `${told.join(', ')}, ${rest}`;
  },
  quota_none: () => 'der Schlüssel hat keines',
  quota: ({ quotas }) =>
    quotas
      .map(({ maker, used, count, until }) => {
        const whose = maker === '' ? '' : `, zusammen mit dem Schlüssel ${maker}, der ihn angelegt hat`;
        return `${inGroups(used, '.')} von ${inGroups(count, '.')} verbraucht, bis ${until}${whose}`;
      })
      .join('; '),
  command_known: ({ command }) => `${command} ist bekannt`,
  command_not_there: () => 'diesen Befehl gibt es nicht',
  command_unknown: ({ command }) => `${command} ist hier nicht bekannt`,
  permission_everything: () =>
    'ein Schlüssel des Root-Benutzers ohne Berechtigungen darf jeden Befehl ausführen',
  permission_none: () => 'der Schlüssel hat keine',
  permission_lost: ({ maker }) =>
    `der Schlüssel ${maker}, der ihn angelegt hat, hat nicht mehr, was dieser hat`,
  permission_roles: ({ roles, command, maker }) =>
    roles.map((role) => roleText(role, command, maker)).join('; '),
  owner_unknown: ({ user }) => `einen Benutzer ${user} gibt es nicht`,
  owner_suspended: ({ user }) => `der Benutzer ${user} ist gesperrt`,
  owner_active: ({ user }) => `der Benutzer ${user} ist aktiv`,
  users_root: () => 'es ist ein Schlüssel des Root-Benutzers',
  users_on: () => 'Schlüssel der Benutzer sind eingeschaltet',
  users_off: () => 'Schlüssel der Benutzer sind ausgeschaltet, nur die des Root-Benutzers sind an',
  argument_not_needed: () => 'der Root-Benutzer braucht keine',
  argument_of_administrator: () =>
    'ein Administrator braucht keine, wo eine Rolle mit ROLE admin den Befehl hat',
  argument_is_user: ({ at }) => `Argument ${places(at)} ist USER`,
  argument_safe: () => 'er hat keine, und er steht in SAFE',
  argument_not_safe: () => 'er hat keine, und er steht in keiner SAFE-Zeile',
  named_anybody: () => 'der Root-Benutzer darf jeden nennen',
  named_others: () => 'ein Administrator darf jeden nennen, nur den Root-Benutzer nicht',
  named_none: () => 'es gibt kein Argument USER',
  named_open: ({ at, user }) => `Argument ${places(at)} muss ${user} sein, und keines ist angegeben`,
  named: ({ at, user, sent }) =>
    `Argument ${places(at)} muss ${user} sein und ist ${sent.map((one) => one || 'nicht da').join(' und ')}`,
  held_none: () => 'weder der Schlüssel noch seine Rollen sind auf Argumente beschränkt',
  held: ({ held, isOpen }) => {
    const told = held.map(heldText).join('; ');
    return isOpen ? `${told}; keine Argumente angegeben` : told;
  },
  root_open: ({ user }) => `keine Argumente angegeben, und sie können den Root-Benutzer ${user} nennen`,
  root_untouched: () =>
    'er beendet weder den Root-Benutzer noch einen Administrator, ändert nicht, wie sie hereinkommen, und macht keinen Administrator',
  root_named: ({ user }) =>
    `er nennt den Root-Benutzer ${user}; an dessen Dinge kommt kein Schlüssel eines Administrators`,
  administrator_way_in: () =>
    'er beendet einen Administrator, ändert, wie dieser hereinkommt, oder macht einen',
  root_never: ({ user }) =>
    `der Root-Benutzer ${user} kann weder gelöscht noch gesperrt noch umbenannt werden`,
  root_way_in: ({ user }) => `er ändert, wie der Root-Benutzer ${user} hereinkommt`,
  read_only_off: () => 'ausgeschaltet',
  read_only_reads: ({ command }) => `eingeschaltet, und ${command} liest nur`,
  read_only_changes: ({ command }) => `eingeschaltet, und ${command} ändert etwas`,
};

function heldText({ by, holder, argument, values, at, sent, isSafe }: HeldTold): string {
  const which = {
    key: 'der Schlüssel erlaubt',
    maker: `der Schlüssel ${holder}, der ihn angelegt hat, erlaubt`,
    role: `die Rolle ${holder} erlaubt`,
  }[by];
  const held = `${which} als ${argument} nur ${values.join(' oder ') || 'nichts'}`;
  if (at.length === 0)
    return `${held}, und der Befehl hat kein solches Argument${isSafe ? ', steht aber in SAFE' : ''}`;
  const is = sent.length === 0 ? '' : `, und das ist ${sent.map((one) => one || 'nicht da').join(' und ')}`;
  return `${held}: Argument ${places(at)}${is}`;
}

function keyText(maker: string): string {
  return maker === '' ? 'der Schlüssel' : `der Schlüssel ${maker}, der ihn angelegt hat,`;
}

function roleText({ name, is, problem, difference }: RoleTold, command: string, maker: string): string {
  const text = {
    granting: `${name} nennt ${command}`,
    not_of_maker: `${name} hat der Schlüssel ${maker}, der ihn angelegt hat, nicht`,
    unknown: `${name} gibt es hier nicht`,
    broken: `${name}: ${germanProblem(problem)}`,
    without_role: `${name} hat kein ROLE: nur für den Root-Benutzer`,
    for_root_user: `${name} hat ROLE admin: nur für den Root-Benutzer und Administratoren`,
    not_listing: `${name} nennt ${command} nicht`,
  }[is];
  const differs = difference === '' || problem === difference ? '' : ` (${germanProblem(difference)})`;
  return text + differs;
}
