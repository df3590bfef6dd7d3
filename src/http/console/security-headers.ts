/** Nothing from elsewhere, no script but our one, in no frame, and no text that becomes a script. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types hearthkey',
].join('; ');

export const assetHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Of every page. A page is made for one reader at one moment, and may have a secret in it. */
export const pageHeaders = {
  ...assetHeaders,
  'Cache-Control': 'no-store',
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  // A form of ours is known by its origin, which a stricter value would leave out.
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const;
