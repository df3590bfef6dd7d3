const unitBytes: Record<string, number> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/**
 * A size such as `500MB` or `50GB`: a whole number with a decimal unit.
 *
 * @returns bytes, or undefined when the text is no size
 */
export function parseByteSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,6})(KB|MB|GB|TB)$/.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * (unitBytes[unit] ?? Number.NaN);
}
