import type { ReasonTexts } from './reason-text.js';

export const germanReasons: ReasonTexts = {
  address_malformed: [
    'Adresse unlesbar',
    'Die Adresse, die die Anfrage nennt, ist keine IP-Adresse.',
    'Berichtigen Sie die Adresse im Programm oder im Gateway, das sie gesendet hat.',
  ],
  address_not_allowed: [
    'Adresse nicht zugelassen',
    'Von dieser Adresse darf niemand zugreifen. Sie steht nicht in API_ALLOWED_IP; bei Anmeldungen steht sie nicht in HEARTHKEY_SESSIONS_FROM.',
    'Wenn Sie wissen, wem die Adresse gehört, lassen Sie sie zu. Sonst lassen Sie es dabei: Dafür ist die Liste da.',
  ],
  address_not_allowed_for_key: [
    'Adresse für den Schlüssel nicht zugelassen',
    'Der Schlüssel, oder der Schlüssel, der ihn angelegt hat, gilt nur von bestimmten Adressen aus; diese gehört nicht dazu.',
    'Tragen Sie die Adresse beim Schlüssel ein, wenn sein Besitzer umgezogen ist. Sonst finden Sie heraus, wer das Geheimnis noch hat, und ersetzen Sie es.',
  ],
  api_disabled: [
    'API ausgeschaltet',
    'Die API ist für alle ausgeschaltet.',
    'Schalten Sie die API ein, wenn Programme sie benutzen sollen.',
  ],
  api_disabled_for_user: [
    'API für Benutzer ausgeschaltet',
    'Die API ist nur für Schlüssel des Root-Benutzers eingeschaltet, und dieser gehört einem anderen Benutzer.',
    'Schalten Sie die API für alle Benutzer ein, wenn deren Programme sie benutzen sollen.',
  ],
  argument_not_allowed: [
    'Argumente nicht erlaubt',
    'Der Schlüssel, der Schlüssel, der ihn angelegt hat, oder seine API-Rolle ist auf bestimmte Argumente beschränkt, etwa eine Domain, und der Befehl nennt andere oder keine.',
    'Wenn das Programm das darf: Erlauben Sie das Argument dem Schlüssel (--only) oder der Rolle (ONLY). Sonst finden Sie heraus, wer das Geheimnis hat.',
  ],
  audit_unavailable: [
    'Protokoll nicht beschreibbar',
    'Die Entscheidung konnte nicht ins Protokoll geschrieben werden, also wurde nichts erlaubt.',
    'Sehen Sie im Log des Dienstes und auf der Festplatte nach. Es geht weiter, sobald sich das Protokoll beschreiben lässt.',
  ],
  command_missing: [
    'Kein Befehl',
    'Die Anfrage nennt keinen Befehl.',
    'Berichtigen Sie das Programm, das sie gesendet hat: Es muss einen Befehl nennen.',
  ],
  command_malformed: [
    'Kein Befehlsname',
    'Was an der Stelle des Befehls steht, kann keiner sein.',
    'Berichtigen Sie das Programm, das es gesendet hat. War es keines von Ihren, probiert jemand etwas aus.',
  ],
  command_unknown: [
    'Unbekannter Befehl',
    'Einen Befehl mit diesem Namen gibt es hier nicht.',
    'Berichtigen Sie den Namen, oder installieren Sie den Befehl. Die Befehlsliste nennt alle, die bekannt sind.',
  ],
  credentials_malformed: [
    'Zugangsdaten unlesbar',
    'Was anstelle eines Zugriffsschlüssels gesendet wurde, hat nicht die Form eines solchen.',
    'Vergleichen Sie die Einstellungen des Programms mit dem Schlüssel: Die ID hat 20 Zeichen, das Geheimnis 40.',
  ],
  cross_site_request: [
    'Nicht von einer Seite der Konsole',
    'Ein Browser hat eine Änderung gesendet, die von keiner Seite dieses Dienstes kam.',
    'Laden Sie die Seite neu, und versuchen Sie es noch einmal. Geschieht es von selbst, versucht eine andere Website, im Namen des Benutzers zu handeln.',
  ],
  key_expired: [
    'Schlüssel abgelaufen',
    'Das Ende des Schlüssels, oder des Schlüssels, der ihn angelegt hat, ist vorbei.',
    'Geben Sie dem Schlüssel ein späteres Ende, wenn er noch gebraucht wird, oder legen Sie einen neuen an.',
  ],
  key_suspended: [
    'Schlüssel gesperrt',
    'Der Schlüssel, oder der Schlüssel, der ihn angelegt hat, ist gesperrt.',
    'Finden Sie heraus, warum er gesperrt wurde. Dann entsperren oder löschen Sie ihn.',
  ],
  key_unknown: [
    'Unbekannter Schlüssel',
    'Einen Zugriffsschlüssel mit dieser ID gibt es nicht. Vielleicht wurde er gelöscht.',
    'Tragen Sie im Programm einen Schlüssel ein, den es gibt. Kommt das oft von einer Adresse, rät dort jemand.',
  ],
  overloaded: [
    'Überlastet',
    'Der Dienst hatte mehr zu tun, als er rechtzeitig konnte.',
    'Das Programm sollte es etwas später noch einmal versuchen. Geschieht es oft, sehen Sie nach der Last der Maschine.',
  ],
  panel_unavailable: [
    'Panel nicht erreichbar',
    'Das Panel hinter dem Dienst konnte nicht gefragt werden.',
    'Prüfen Sie, ob das Panel läuft und von hier aus erreichbar ist.',
  ],
  passkey_cloned: [
    'Passkey kopiert',
    'Der Zähler des Passkeys liegt hinter dem, was schon gesehen wurde: Es gibt ihn zweimal.',
    'Der Benutzer sollte sich anders anmelden, diesen Passkey löschen und einen neuen einrichten.',
  ],
  permission_missing: [
    'Berechtigung fehlt',
    'Keine Rolle des Schlüssels nennt diesen Befehl; oder der Benutzer darf das überhaupt nicht.',
    'Geben Sie dem Schlüssel eine Rolle, die den Befehl nennt, wenn sein Programm ihn ausführen soll.',
  ],
  quota_exceeded: [
    'Kontingent aufgebraucht',
    'Der Schlüssel, oder einer, der ihn angelegt hat, hat sein Kontingent für diesen Tag, diese Woche oder diesen Monat (UTC) aufgebraucht.',
    'Das Programm sollte so lange warten, wie die Antwort sagt. Braucht es mehr, erhöhen Sie das Kontingent des Schlüssels.',
  ],
  rate_limited: [
    'Zu viele Anfragen',
    'Der Schlüssel hat sein Limit vorerst aufgebraucht.',
    'Das Programm sollte so lange warten, wie die Antwort sagt. Braucht es mehr, erhöhen Sie das Limit des Schlüssels.',
  ],
  read_only: [
    'Nur-Lese-Modus',
    'Der Dienst ist im Nur-Lese-Modus (DEMO_MODE): Was etwas ändert, wird abgelehnt.',
    'Beenden Sie den Nur-Lese-Modus in den Einstellungen, wenn wieder geändert werden soll.',
  ],
  root_user_protected: [
    'Root-Benutzer geschützt',
    'Der Befehl würde den Root-Benutzer beenden oder ändern, wie er hereinkommt.',
    'Das darf nur ein Schlüssel des Root-Benutzers ohne Berechtigungen und Grenzen, und manches davon niemand.',
  ],
  request_malformed: [
    'Anfrage unlesbar',
    'Die Anfrage konnte nicht gelesen werden.',
    'Berichtigen Sie das Programm, das sie gesendet hat: Ihr Inhalt ist nicht das, was sein Typ sagt.',
  ],
  request_too_large: [
    'Anfrage zu groß',
    'Die Anfrage war länger, als dieser Pfad annimmt.',
    'Senden Sie weniger auf einmal. Ausgeführt wurde nichts.',
  ],
  secret_mismatch: [
    'Falsches Geheimnis',
    'Den Zugriffsschlüssel gibt es, aber das Geheimnis war falsch; oder ein Passwort oder ein Anmeldelink war es.',
    'Vergleichen Sie das Geheimnis im Programm, oder ersetzen Sie es. Kommt das oft, rät jemand.',
  ],
  secret_replaced: [
    'Altes Geheimnis',
    'Das Geheimnis war einmal richtig und ist seither ersetzt worden.',
    'Tragen Sie das neue Geheimnis im Programm ein. Haben es schon alle, dann hat jemand anderes das alte.',
  ],
  session_ended: [
    'Sitzung beendet',
    'Die Sitzung war zu lange ungenutzt, zu alt, oder jemand hat sie beendet.',
    'Melden Sie sich neu an.',
  ],
  sessions_disabled: [
    'Anmeldung ausgeschaltet',
    'An diesem Dienst darf sich niemand anmelden (HEARTHKEY_SESSIONS).',
    'Schalten Sie Sitzungen in der Konfiguration ein, wenn sich jemand anmelden soll.',
  ],
  store_unavailable: [
    'Datenbank nicht erreichbar',
    'Der Dienst konnte nicht sicher sein, dass sein Wissen aktuell ist, also hat er nichts erlaubt.',
    'Prüfen Sie, ob die Datenbank läuft und von jedem Knoten aus erreichbar ist.',
  ],
  too_many_attempts: [
    'Schlüssel nach Fehlversuchen zu',
    'Das Geheimnis dieses Schlüssels lässt sich raten, und zu viele Versuche schlugen fehl.',
    'Ersetzen Sie das Geheimnis: Eines, das hier entsteht, lässt sich nicht raten. Oder lassen Sie die Adresse seines Programms einzeln zu.',
  ],
  too_many_failures: [
    'Zu viele Fehlversuche',
    'Von dieser Adresse schlugen zu viele Versuche fehl.',
    'Warten Sie eine Weile. Sind es nicht Ihre Versuche, ist nichts zu tun.',
  ],
  login_disabled: [
    'Benutzer darf sich nicht anmelden',
    'Die Anmeldung ist für diesen Benutzer ausgeschaltet (LOGIN_DISABLED).',
    'Erlauben Sie dem Benutzer die Anmeldung, wenn er sie haben soll.',
  ],
  not_root_user: [
    'Nicht der Root-Benutzer',
    'Auf diesem Weg darf nur der Root-Benutzer herein, und ein anderer hat es versucht.',
    'Verwenden Sie stattdessen einen Zugriffsschlüssel des Benutzers.',
  ],
  user_argument_mismatch: [
    'Betrifft einen anderen Benutzer',
    'Der Befehl nennt einen anderen Benutzer als den, dem der Schlüssel gehört.',
    'Verwenden Sie einen Schlüssel jenes Benutzers oder des Root-Benutzers.',
  ],
  user_argument_undefined: [
    'Befehl ohne Benutzer',
    'Der Befehl hat keine Stelle für einen Benutzer, also hielte diesen Schlüssel nichts bei seinem eigenen.',
    'Verwenden Sie einen Schlüssel des Root-Benutzers. Nur wenn der Befehl niemandem schadet: Nehmen Sie ihn in SAFE der Rolle auf.',
  ],
  user_suspended: [
    'Benutzer gesperrt',
    'Der Benutzer ist gesperrt, und mit ihm alles, was in seinem Namen handelt.',
    'Finden Sie heraus, warum er gesperrt wurde. Dann entsperren Sie ihn, oder löschen Sie seine Schlüssel.',
  ],
  user_unknown: [
    'Unbekannter Benutzer',
    'Den Benutzer des Schlüssels gibt es nicht mehr.',
    'Löschen Sie den Schlüssel, oder legen Sie den Benutzer wieder an.',
  ],
};
