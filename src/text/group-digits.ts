/** A number with a sign between each three digits: `10,000`. */
export function inGroups(value: number, sign: ',' | '.'): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, sign);
}
