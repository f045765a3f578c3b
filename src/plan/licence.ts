/** A licence goes along for people: no tool reads it, and it decides nothing. */
export function isLicence(name: string): boolean {
  return /^licen[cs]e[^/]*$/i.test(name);
}
