/** One message of a stream of server-sent events. */
export interface ServerSentEvent {
  /** Empty: the usual kind. */
  event: string;
  id: string;
  data: string;
}

/**
 * The messages in the lines of such a stream (HTML, section 9.2.6), as far as Hearthkey sends them. One without data, such
 * as a comment that keeps the connection open, is none; nor is one that the stream broke off in.
 *
 * @param onRetry - is told how long to wait before the next connection, in milliseconds
 */
export async function* serverSentEvents(
  lines: AsyncIterable<string>,
  onRetry: (ms: number) => void,
): AsyncGenerator<ServerSentEvent, void> {
  let message = { event: '', id: '', data: '' };
  for await (const line of lines) {
    const [, name = '', value = ''] = /^([a-z]*): ?(.*?)\r?$/.exec(line) ?? [];
    if (name === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
    if (name === 'event' || name === 'id' || name === 'data') message[name] = value;
    if (line !== '' && line !== '\r') continue;
    if (message.data !== '') yield message;
    message = { event: '', id: '', data: '' };
  }
}
