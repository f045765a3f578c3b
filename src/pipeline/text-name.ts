/** What a further text is called when nobody says: its file's name without the ending, as far as it can be part of a task's name. */
export function textTag(fileName: string): string {
  return (
    fileName
      .replace(/\.\w+$/, '')
      .replace(/[^A-Za-z0-9_.-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'text'
  );
}
