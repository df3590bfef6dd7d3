import type { Apis } from './apis.js';
import type { ApiStore } from './api-store.js';
import type { RoleDirectory } from './role-directory.js';
import { layFiles, shippedTexts } from './role-files.js';
import type { StagedRoles } from './staged-roles.js';

export interface ApiFilesParts {
  directory: string;
  /** Whether the directory is a live panel's: nothing is written there that no command asked for. */
  isPanels: boolean;
  shared: ApiStore | undefined;
  staged: StagedRoles | undefined;
  roles: RoleDirectory;
  apis: Apis;
  /** Told of each file that differs from what the nodes agree on. */
  onDifference: (api: string, problem: string) => void;
}

/** The directory of API role files, from the start of the service to its end. */
export class ApiFiles {
  constructor(private readonly parts: ApiFilesParts) {}

  async start(): Promise<void> {
    const { directory, isPanels, shared, staged, roles, apis, onDifference } = this.parts;
    const agreed = (await shared?.isShared()) === true ? await shared?.all() : undefined;
    if (!isPanels) layFiles(directory, agreed ?? shippedTexts());
    await staged?.write();
    roles.start();
    await apis.share();
    for (const { api, problem } of await apis.differences()) onDifference(api, problem);
  }

  stop(): void {
    this.parts.roles.stop();
  }
}
