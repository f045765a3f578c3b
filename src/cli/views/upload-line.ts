import type { FetchProgress } from '../../hub/hub.ts';
import { decimalSize } from '../../report/format.ts';
import { allInWords } from './fetch-line.ts';

/** Cards and licences go in a moment. */
const worthTelling = 5e6;

/** One line that is written over itself on a terminal, and once per file elsewhere. */
export function uploadLine(stream: NodeJS.WriteStream) {
  const told = new Set<string>();
  let shown = 0;
  return {
    show: (progress: FetchProgress) => {
      const { file, size, allSize } = progress;
      if (allSize < worthTelling) return;
      if (!stream.isTTY && size >= worthTelling && !told.has(file)) stream.write(`uploading ${file}, ${decimalSize(size)}\n`);
      told.add(file);
      if (!stream.isTTY || performance.now() - shown < 100) return;
      shown = performance.now();
      stream.write(`\r\u001b[K${allInWords({ type: 'fetch', by: null, ...progress })}  ${file}`);
    },
    clear: () => {
      if (shown > 0) stream.write('\r\u001b[K');
      shown = 0;
    },
  };
}
