import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Asset {
  /** Has the digest of what it serves: another text has another path. */
  path: string;
  type: string;
  text: string;
}

function readAsset(name: string, extension: string, type: string): Asset {
  const text = readFileSync(new URL(`./${name}.${extension}`, import.meta.url), 'utf8');
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 12);
  return { path: `/console/assets/${name}-${digest}.${extension}`, type, text };
}

/** The style, the icon and the one script of the console. */
export const assets = {
  style: readAsset('console', 'css', 'text/css; charset=utf-8'),
  icon: readAsset('icon', 'svg', 'image/svg+xml'),
  script: readAsset('console', 'js', 'text/javascript; charset=utf-8'),
};
