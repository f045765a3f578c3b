/** A line for a spreadsheet or a script; RFC 4180. */
export function csvLine(cells: (string | number)[]): string {
  return `${cells.map((cell) => quote(inert(String(cell)))).join(',')}\n`;
}

/** Spreadsheets compute what begins like a formula, and names come from outside: an apostrophe before it makes it text. Numbers stay. */
function inert(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?(e-?\d+)?$/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
