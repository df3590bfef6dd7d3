import { translations } from '../languages.js';

type FieldNames = Readonly<Record<string, string>>;

/** Fields by the names that REST v1 has for them; others are shown by that name. */
const english: FieldNames = {
  accessKeyId: 'Access key',
  address: 'Address',
  allowedAddresses: 'Allowed addresses',
  clientAddress: 'Address',
  command: 'Command',
  commands: 'Commands',
  comment: 'Comment',
  email: 'E-mail',
  expiresAt: 'Last day',
  expiresIn: 'End',
  firstName: 'First name',
  lastName: 'Last name',
  name: 'Name',
  overlap: 'Overlap',
  password: 'Password',
  permission: 'API role',
  permissions: 'What it may do',
  only: 'Held to arguments',
  quota: 'Quota',
  rateLimit: 'Rate limit',
  role: 'For',
  secrets: 'Leaked secrets',
  since: 'From',
  typed: 'ID',
  until: 'To',
  user: 'User',
};

const german: Readonly<Record<keyof typeof english, string>> = {
  accessKeyId: 'Zugriffsschlüssel',
  address: 'Adresse',
  allowedAddresses: 'Erlaubte Adressen',
  clientAddress: 'Adresse',
  command: 'Befehl',
  commands: 'Befehle',
  comment: 'Kommentar',
  email: 'E-Mail',
  expiresAt: 'Letzter Tag',
  expiresIn: 'Ende',
  firstName: 'Vorname',
  lastName: 'Nachname',
  name: 'Name',
  overlap: 'Übergangszeit',
  password: 'Passwort',
  permission: 'API-Rolle',
  permissions: 'Was er darf',
  only: 'Beschränkt auf Argumente',
  quota: 'Kontingent',
  rateLimit: 'Anfragelimit',
  role: 'Für',
  secrets: 'Bekannt gewordene Geheimnisse',
  since: 'Von',
  typed: 'ID',
  until: 'Bis',
  user: 'Benutzer',
};

export const fieldNames = translations<FieldNames>({ en: english, de: german });
