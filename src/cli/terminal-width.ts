/** The room that a report has on stdout; a pipe has no end. */
export function terminalWidth(): { width?: number } {
  return process.stdout.isTTY ? { width: process.stdout.columns } : {};
}
