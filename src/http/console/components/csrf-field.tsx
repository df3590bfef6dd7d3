import { usePage } from '../page.js';

/** Every form that changes something has it: the sign that a page of ours sent it. */
export function CsrfField() {
  const { session } = usePage();
  return <input type="hidden" name="csrf" value={session?.csrfToken ?? ''} />;
}
