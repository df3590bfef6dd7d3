export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** The texts of one part of the console in each language. A text that one of them lacks is an error of the compiler. */
export type Translations<T> = Readonly<Record<Language, T>>;

export function translations<T>(texts: { en: T; de: NoInfer<T> }): Translations<T> {
  return texts;
}

/**
 * The language that a reader prefers most.
 *
 * @param acceptLanguage - the header of the browser, RFC 9110 section 12.5.4
 */
export function preferredLanguage(acceptLanguage = ''): Language {
  const wanted = acceptLanguage
    .split(',', 20)
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { language: tag.split('-', 1)[0] ?? '', weight: Number(weight) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
  for (const { language } of wanted) if (isLanguage(language)) return language;
  return 'en';
}

export function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}
