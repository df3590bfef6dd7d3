/** An address of IPv4 or IPv6, or a range of them. `format` is for people and tests: JSON Schema has none for ranges. */
export const addressOrRange = { type: 'string', format: 'ip-or-range', maxLength: 49 };
