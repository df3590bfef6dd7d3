import { CsrfField } from '../components/csrf-field.js';

/** One click that lets an address in. */
export function AllowForm({ address, text }: { address: string; text: string }) {
  return (
    <form method="post" action="/console/callers">
      <CsrfField />
      <input type="hidden" name="address" value={address} />
      <button>{text}</button>
    </form>
  );
}
