/** Addresses that whoever knows them can post to, and those with a password in them. */
const secret =
  /https?:\/\/(?:hooks\.slack(?:-gov)?\.com\/|(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/|[^\s/@"']+:[^\s/@"']+@)[^\s"'`,\]}]*/gi;

/** Whether a text holds an address that nobody else may see. */
export function holdsSecretAddress(text: string): boolean {
  return text.search(secret) >= 0;
}

/** The same text, as long as before, with such addresses made unreadable but for their beginning. */
export function withoutSecretAddresses(text: string): string {
  return text.replace(secret, (address) => address.slice(0, shown).padEnd(address.length, '*'));
}

const shown = 'https://'.length;
