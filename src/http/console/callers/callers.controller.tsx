import { Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type {
  AllowedIpDto,
  AllowedIpsDto,
  RefusedAddressesDto,
} from '../../administration/allowed-ips/allowed-ips.dto.js';
import type { SettingsDto } from '../../administration/settings/settings.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages, type Outcome } from '../console-pages.js';
import { doneAt } from '../own-path.js';
import type { Page, PageContent } from '../page.js';
import { signUndo, undoOfPatch, type UndoRequest } from '../undo/undo.js';
import { CallersPage, type CallersPageProps } from './callers-page.js';
import { callersTexts } from './callers.texts.js';
import { isAllowed, isEverybody, shutsOut } from './shut-out.js';

const path = '/console/callers';

/**
 * `/console/callers`: the switches and API_ALLOWED_IP. A change that the reader may not want is asked about once more,
 * with the same form and `confirmed`.
 */
@ConsoleController(path)
export class CallersController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, (page) => pageOf(page));
  }

  @Post()
  async allow(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async (page, form) => {
      const address = form.text('address');
      if (isEverybody(address) && form.text('confirmed') !== 'addAll') {
        const text = page.t(callersTexts).questions.addAll(address);
        const question = { name: 'addAll', text, action: path, fields: { address } } as const;
        return pageOf(page, { question, entered: address });
      }
      return done(page, { entered: address }, 'addressAllowed', async ({ api }) => {
        const before = await api.get<AllowedIpsDto>('/v1/allowed-ips');
        const added = await api.post<AllowedIpDto>('/v1/allowed-ips', { address });
        // What was there already is not taken away.
        if (before.items.includes(added.address)) return undefined;
        return { method: 'DELETE', path: entryPath(added.address) };
      });
    });
  }

  @Post('delete')
  async delete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async (page, form) => {
      const address = form.text('address');
      const addresses = await page.api.get<AllowedIpsDto>('/v1/allowed-ips');
      if (shutsOut(addresses, address) && form.text('confirmed') !== 'deleteOwn') {
        const text = page.t(callersTexts).questions.deleteOwn(address);
        const action = `${path}/delete`;
        return pageOf(page, { question: { name: 'deleteOwn', text, action, fields: { address } } });
      }
      return done(page, {}, 'addressDeleted', async ({ api }) => {
        await api.delete(entryPath(address));
        return { method: 'POST', path: '/v1/allowed-ips', body: { address } };
      });
    });
  }

  @Post('switches')
  async change(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async (page, form) => {
      const [accessKeyApi, legacyApi] = [form.text('accessKeyApi'), form.text('legacyApi')];
      const { settings, addresses } = await readSwitches(page);
      const refusesMine = accessKeyApi === 'off' && settings.accessKeyApi !== 'off' && isAllowed(addresses);
      if (refusesMine && form.text('confirmed') !== 'switchOff') {
        const text = page.t(callersTexts).questions.switchOff;
        const fields = { accessKeyApi, legacyApi };
        const action = `${path}/switches`;
        return pageOf(page, { question: { name: 'switchOff', text, action, fields } });
      }
      const wanted = { accessKeyApi, isLegacyApiOn: legacyApi === 'yes' };
      return done(page, {}, 'saved', async ({ api }) => {
        await api.patch('/v1/settings', wanted);
        return undoOfPatch('/v1/settings', settings, wanted);
      });
    });
  }
}

type More = Partial<Pick<CallersPageProps, 'problem' | 'entered' | 'question'>>;

/**
 * Goes back to the page, or shows it with what REST v1 found wrong.
 *
 * @param work - makes the change, and gives the request that undoes it
 */
async function done(
  page: Page,
  more: More,
  name: 'saved' | 'addressAllowed' | 'addressDeleted',
  work: (page: Page) => Promise<UndoRequest | undefined>,
): Promise<Outcome> {
  try {
    const back = await work(page);
    const undo = back && signUndo({ requests: [back], goTo: path }, page.session.csrfToken);
    return { goTo: doneAt(path, name, undo) };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
    return { ...(await pageOf(page, { ...more, problem: error })), status: error.status };
  }
}

function entryPath(address: string): string {
  return `/v1/allowed-ips/${encodeURIComponent(address)}`;
}

async function pageOf(page: Page, more: More = {}): Promise<PageContent> {
  const { settings, addresses } = await readSwitches(page);
  const refused = await page.api.get<RefusedAddressesDto>('/v1/allowed-ips/refused');
  const body = <CallersPage {...{ settings, addresses, refused, ...more }} />;
  return { title: page.t(callersTexts).title, body };
}

async function readSwitches({ api }: Page): Promise<{ settings: SettingsDto; addresses: AllowedIpsDto }> {
  const settings = await api.get<SettingsDto>('/v1/settings');
  return { settings, addresses: await api.get<AllowedIpsDto>('/v1/allowed-ips') };
}
