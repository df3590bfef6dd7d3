import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a file in the place of one of that name, in a folder for the service alone. A reader finds the whole of it or
 * that of before, also after a power loss.
 *
 * @param content - in pieces where it is long
 */
export async function replaceFile(file: string, content: string | AsyncIterable<string>): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    for await (const piece of typeof content === 'string' ? [content] : content)
      await handle.writeFile(piece);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
