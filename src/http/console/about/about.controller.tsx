import { readFileSync } from 'node:fs';
import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Table } from '../components/table.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { aboutTexts } from './about.texts.js';

interface PackageLicence {
  name: string;
  version: string;
  license: string;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
/** Written by scripts/licences.mjs. */
const packages = readJson('./licences.json') as readonly PackageLicence[];
const own = readJson('../../../../package.json') as PackageLicence;

/** `/console/about`: versions and licences. */
@ConsoleController('/console/about')
export class AboutController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ t }) => {
      const { title } = t(aboutTexts);
      return { title, body: <About texts={t(aboutTexts)} /> };
    });
  }
}

function About({ texts }: { texts: (typeof aboutTexts)['en'] }) {
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.whatFor}</p>
      <dl class="facts card">
        <dt>{texts.version}</dt>
        <dd>{own.version}</dd>
        <dt>{texts.licence}</dt>
        <dd>{own.license}</dd>
        <dt>{texts.node}</dt>
        <dd>{process.version}</dd>
      </dl>
      <p>
        <a href="/docs">{texts.api}</a>
      </p>
      <h2>{texts.packages}</h2>
      <Table label={texts.packages} columns={texts.columns}>
        {packages.map(({ name, version, license }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>{version}</td>
            <td>{license}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
