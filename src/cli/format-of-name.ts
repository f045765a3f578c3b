import { extname } from 'node:path';

const formats: Record<string, string> = { '.html': 'html', '.htm': 'html', '.csv': 'csv', '.json': 'json', '.md': 'md', '.txt': 'text' };

/** The format that a file's name tells, of those that there are; undefined for a name that tells none. */
export function formatOfName<Format extends string>(file: string | undefined, known: readonly Format[]): Format | undefined {
  const told = formats[extname(file ?? '').toLowerCase()];
  return known.find((one) => one === told);
}
