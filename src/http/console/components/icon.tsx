const paths = {
  key: 'M14.5 2a5.5 5.5 0 0 0-5.2 7.3L2 16.6V22h5.4v-2.6H10v-2.6h2.6l1.1-1.1A5.5 5.5 0 1 0 14.5 2zm1.8 5.4a1.6 1.6 0 1 1 0-3.2 1.6 1.6 0 0 1 0 3.2z',
  home: 'M3 11.5 12 3l9 8.5V21h-6v-6H9v6H3z',
  role: 'M4 4h16v4H4zm0 6h16v4H4zm0 6h10v4H4z',
  door: 'M5 2h14v20H5zm10 9.2a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z',
  record: 'M5 2h11l4 4v16H5zm3 7v2h9V9zm0 4v2h9v-2zm0 4v2h6v-2z',
  people:
    'M8 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm8.5.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM1 20c0-4 3-7 7-7s7 3 7 7zm15.5 0H22c0-3.3-2-6-5.5-6-.6 0-1.2.1-1.7.3 1 1.5 1.7 3.5 1.7 5.7z',
  person: 'M12 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zm0 2c-5 0-9 3-9 8h18c0-5-4-8-9-8z',
  session: 'M3 4h18v12H3zm5 14h8l1 3H7z',
  check: 'M9 17.2 3.8 12l-2 2L9 21.2 22.2 8l-2-2z',
  settings: 'M4 6h9V4h3v2h4v3h-4v2h-3V9H4zm0 9h4v-2h3v2h9v3h-9v2H8v-2H4z',
  doctor: 'M10 2h4v8h8v4h-8v8h-4v-8H2v-4h8z',
  about: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.2 4.5h2.4v2.4h-2.4zm0 4h2.4v7h-2.4z',
} as const;

export type IconName = keyof typeof paths;

/** Beside a text that says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
