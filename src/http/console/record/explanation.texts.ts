import { remedyTexts, sourceTexts } from '../../../authorization/explain/texts/source-and-remedy.js';
import { whyTexts } from '../../../authorization/explain/texts/why.js';
import type { StepName } from '../../../authorization/decision-steps.js';
import { translations } from '../languages.js';
import { germanRemedies, germanSources } from './source-and-remedy.de.js';
import { germanWhy } from './why.de.js';

type StepNames = Readonly<Record<StepName, string>>;

const englishSteps: StepNames = {
  api: 'API',
  address: 'Address',
  'command name': 'Name of the command',
  key: 'Key',
  'weak secret': 'Weak secret',
  secret: 'Secret',
  suspension: 'Suspension',
  expiry: 'End',
  'key addresses': 'Addresses of the key',
  'rate limit': 'Rate limit',
  command: 'Command',
  permission: 'Permission',
  owner: 'Owner',
  'api for users': 'API for users',
  'user argument': 'Argument for a user',
  'user named': 'User that is named',
  'held arguments': 'Held arguments',
  'root user': 'Root user',
  'read-only mode': 'Read-only mode',
  quota: 'Quota',
};

const germanSteps: StepNames = {
  api: 'API',
  address: 'Adresse',
  'command name': 'Name des Befehls',
  key: 'Schlüssel',
  'weak secret': 'Schwaches Geheimnis',
  secret: 'Geheimnis',
  suspension: 'Sperre',
  expiry: 'Ende',
  'key addresses': 'Adressen des Schlüssels',
  'rate limit': 'Anfragelimit',
  command: 'Befehl',
  permission: 'Berechtigung',
  owner: 'Besitzer',
  'api for users': 'API für Benutzer',
  'user argument': 'Argument für einen Benutzer',
  'user named': 'Genannter Benutzer',
  'held arguments': 'Beschränkte Argumente',
  'root user': 'Root-Benutzer',
  'read-only mode': 'Nur-Lese-Modus',
  quota: 'Kontingent',
};

/** Of an explanation, which comes as data: the sentences of each language by their codes. */
export const explanationTexts = translations({
  en: {
    ...{ steps: englishSteps, why: whyTexts, sources: sourceTexts, remedies: remedyTexts },
    depends: (why: string) => `${why}: the verdict depends on it`,
  },
  de: {
    ...{ steps: germanSteps, why: germanWhy, sources: germanSources, remedies: germanRemedies },
    depends: (why: string) => `${why}: davon hängt das Ergebnis ab`,
  },
});
