import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { AuditEventDto } from '../../administration/audit/audit-event.dto.js';
import { renderIn } from '../console-pages.js';
import type { Page } from '../page.js';
import { EventRow } from './event-row.js';
import { recordTexts } from './record.texts.js';

/**
 * The event stream of REST v1 with rows of the list in place of the events. It ends together with what it is made of,
 * and when the browser hangs up it ends that.
 */
export function liveRows(events: Readable, page: Page): Readable {
  const rows = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of chunks) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield rowOf(block, page);
    }
  };
  // A stream that was cut short is no error: the browser asks again with the number that it has.
  return pipeline(events, rows, new PassThrough(), () => undefined);
}

/** @param block - of the stream, without the empty line at its end */
function rowOf(block: string, page: Page): string {
  const data = /^data: (.+)$/m.exec(block)?.[1];
  if (data === undefined) return `${block}\n\n`;
  if (block.startsWith('event: gap')) return dataBlock(gapRow(page));
  const event = JSON.parse(data) as AuditEventDto;
  const row = renderIn(page, <EventRow event={event} />);
  return `id: ${String(event.number)}\n${dataBlock(row)}`;
}

function gapRow(page: Page): string {
  const { gap } = page.t(recordTexts);
  return renderIn(
    page,
    <tr>
      <td colSpan={6}>{gap}</td>
    </tr>,
  );
}

/** One line: a line break in it would end the field. */
function dataBlock(html: string): string {
  return `data: ${html.replace(/[\r\n]/g, (sign) => `&#${String(sign.charCodeAt(0))};`)}\n\n`;
}
