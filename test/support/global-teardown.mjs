/** After all tests: what they shared is gone. */
import { rmSync } from 'node:fs';

export default function withoutTemplates() {
  rmSync(process.env.TEST_TEMPLATES, { recursive: true, force: true });
}
