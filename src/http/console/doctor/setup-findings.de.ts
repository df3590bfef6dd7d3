import type { FindingText } from '../../../doctor/texts/finding-text.js';
import type { setupFindings } from '../../../doctor/texts/setup-findings.js';
import { germanProblem } from '../known-problems.de.js';

/** Findings about settings, addresses, files and the machine, in German. */
export const germanSetupFindings: typeof setupFindings = {
  disk_full: ({ dataDir, freeMiB }) => ({
    subject: `Datenverzeichnis ${dataDir}`,
    problem: `Nur ${String(freeMiB)} MiB sind frei. Ohne Platz für das Protokoll wird jede Anfrage abgelehnt.`,
    advice: 'Schaffen Sie Platz auf dieser Festplatte.',
  }),
  certificate_unreadable: ({ file }) => certificate(file, 'Es lässt sich nicht lesen.'),
  certificate_ended: ({ file }) => certificate(file, 'Es ist abgelaufen.'),
  certificate_ends_soon: ({ file, days }) =>
    certificate(file, `Es endet in ${String(days)} ${days === 1 ? 'Tag' : 'Tagen'}.`),
  setting_unknown: ({ name, meant }) => ({
    subject: name,
    problem: `Diese Einstellung ist gesetzt, aber es gibt sie nicht.${meant === '' ? '' : ` Meinten Sie ${meant}?`}`,
    advice: 'Berichtigen Sie den Namen, oder entfernen Sie sie (docs/configuration.md nennt alle).',
  }),
  setting_idle: ({ name }) => ({
    subject: name,
    problem: 'Die Einstellung bewirkt nichts: Es gibt kein Verzeichnis mit ausführbaren Befehlen.',
    advice: 'Setzen Sie HEARTHKEY_COMMANDS_DIR oder HEARTHKEY_HESTIA_ROOT, oder entfernen Sie sie.',
  }),
  setting_for_one_start: ({ name }) => ({
    subject: name,
    problem:
      'Die Einstellung ist für einen einzigen Start gedacht: Mit ihr fällt ein fehlender oder falscher Pepper nicht auf.',
    advice: 'Entfernen Sie sie.',
  }),
  command_writable: ({ command, problem }) => ({
    subject: `HEARTHKEY_COMMANDS_DIR: ${command || 'alle Befehle'}`,
    problem: `Wird nicht ausgeführt: ${germanProblem(problem)}.`,
    advice: 'Geben Sie die Datei root, und nehmen Sie anderen das Schreibrecht (chown root, chmod go-w).',
  }),
  user_commands_never_run: ({ names, missing }) => ({
    subject: `HEARTHKEY_COMMANDS_DIR: ${names.join(', ')}`,
    problem: 'Sie laufen nie: Die eingebauten Befehle dieser Namen laufen an ihrer Stelle.',
    advice:
      missing.length === 0
        ? 'Starten Sie den Dienst neu: Jetzt liefert das Verzeichnis die Benutzer.'
        : `Ergänzen Sie ${missing.join(', ')}, damit das Verzeichnis die Benutzer liefert, oder entfernen Sie die Dateien.`,
  }),
  loopback_trusted: ({ range }) => ({
    subject: `HEARTHKEY_TRUSTED_PROXIES ${range}`,
    problem:
      'Jeder Prozess dieser Maschine, auch die der Kunden, kann behaupten, für welche Adresse er fragt.',
    advice:
      'Verbinden Sie den Proxy über einen Unix-Socket (HEARTHKEY_LISTEN=unix:/run/hearthkey/http.sock), und nehmen Sie die Adresse heraus.',
  }),
  tls_missing: ({ place }) => ({
    subject: `HEARTHKEY_LISTEN ${place}`,
    problem:
      'Der Dienst ist aus anderen Netzen ohne TLS erreichbar; unterwegs lassen sich Geheimnisse mitlesen.',
    advice:
      'Setzen Sie HEARTHKEY_TLS_CERT und HEARTHKEY_TLS_KEY, oder lauschen Sie auf 127.0.0.1 oder einem Unix-Socket hinter einem Proxy mit TLS.',
  }),
  disk_fills: ({ dataDir, perDay, days }) => ({
    subject: `Datenverzeichnis ${dataDir}`,
    problem: `Das Protokoll wächst um ${perDay} am Tag. Der Platz reicht noch für ${String(days)} Tage.`,
    advice:
      'Schaffen Sie Platz, oder setzen Sie HEARTHKEY_AUDIT_KEEP oder HEARTHKEY_AUDIT_KEEP_SIZE (docs/audit.md).',
  }),
  database_not_durable: ({ setting }) => ({
    subject: `PostgreSQL-Einstellung ${setting}`,
    problem:
      setting === 'synchronous_commit'
        ? 'Sie ist aus. Der Dienst schaltet sie für sich selbst ein; was andere Programme ändern, kann bei einem Absturz verloren gehen.'
        : 'Sie ist aus. Ein Stromausfall kann bestätigte Änderungen verlieren oder die Datenbank beschädigen.',
    advice: `Setzen Sie ${setting} = on auf dem Server.`,
  }),
  nobody_allowed: () => ({
    subject: 'API_ALLOWED_IP',
    problem: 'Die Liste ist leer. So wird jede Anfrage abgelehnt, obwohl die API eingeschaltet ist.',
    advice:
      'Lassen Sie die Adresse jedes Programms zu (v-add-sys-api-ip --help), oder schalten Sie die API aus: v-change-sys-api disable',
  }),
  everybody_allowed: ({ entry }) => ({
    subject: `API_ALLOWED_IP ${entry}`,
    problem: 'Der Eintrag lässt Anfragen von überall herein.',
    advice: `Lassen Sie die Adresse jedes Programms einzeln zu (v-add-sys-api-ip --help), dann v-delete-sys-api-ip ${entry}`,
  }),
  own_address_missing: ({ missing }) => ({
    subject: 'API_ALLOWED_IP',
    problem: `Die Liste wurde übernommen, und es fehlen die eigenen Adressen dieses Servers: ${missing.join(', ')}. Was auf ihm läuft und die API aufruft, wird abgelehnt, etwa die Seiten des Panels, die Anmeldung an phpMyAdmin und lokale Skripte.`,
    advice: missing.map((address) => `v-add-sys-api-ip ${address}`).join(', '),
  }),
  proxy_untrusted: ({ address, count, isLoopback }) => ({
    subject: `Anfragen von ${address}`,
    problem: `${String(count)} hatten X-Forwarded-For, das nicht zählt: ${address} steht nicht in HEARTHKEY_TRUSTED_PROXIES. Alle zählen als Anfragen des Proxys selbst.`,
    advice: isLoopback
      ? 'Wenn ein Proxy auf dieser Maschine sie sendet, lesen Sie docs/client-address.md.'
      : `Wenn es Ihr Proxy ist, nehmen Sie ${address} in HEARTHKEY_TRUSTED_PROXIES auf, und starten Sie den Dienst neu.`,
  }),
};

function certificate(file: string, problem: string): FindingText {
  const advice = 'Legen Sie ein neues an seine Stelle, und senden Sie dem Dienst SIGHUP.';
  return { subject: `TLS-Zertifikat ${file}`, problem, advice };
}
