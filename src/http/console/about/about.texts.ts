import { translations } from '../languages.js';

export const aboutTexts = translations({
  en: {
    title: 'About Hearthkey',
    version: 'Version',
    licence: 'Licence',
    node: 'Node.js',
    api: 'The API of this service',
    whatFor:
      'Decides who may run which command on a hosting panel’s API, and can prove afterwards what it decided.',
    packages: 'Packages that it runs on',
    columns: ['Package', 'Version', 'Licence'],
  },
  de: {
    title: 'Über Hearthkey',
    version: 'Version',
    licence: 'Lizenz',
    node: 'Node.js',
    api: 'Die API dieses Dienstes',
    whatFor:
      'Entscheidet, wer welchen Befehl über die API eines Hosting-Panels ausführen darf, und kann später beweisen, was es entschieden hat.',
    packages: 'Pakete, auf denen es läuft',
    columns: ['Paket', 'Version', 'Lizenz'],
  },
});
