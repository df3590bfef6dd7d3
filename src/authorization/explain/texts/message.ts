/** A sentence as data: which one it is, and what stands in it. Its words are in the message files of each language. */
export interface Message<Code extends string = string> {
  code: Code;
  params: object;
}

/** The sentences of one language by their codes; `never` stands for parameters of any shape. */
type Sentences = Readonly<Record<string, (params: never) => string>>;

/** The messages that a file has sentences for, each with its own parameters. */
export type MessageOf<T extends Sentences> = {
  [Code in keyof T & string]: {
    code: Code;
    params: Parameters<T[Code]> extends [] ? object : Parameters<T[Code]>[0];
  };
}[keyof T & string];

/** @returns the sentence; undefined: the file has none for the code */
export function say(sentences: Sentences, { code, params }: Message): string | undefined {
  if (!Object.hasOwn(sentences, code)) return undefined;
  return (sentences[code] as ((params: object) => string) | undefined)?.(params);
}
