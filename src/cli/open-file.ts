import { Failure } from '../errors.ts';
import { launch, which } from '../spawn.ts';

/** Opens a file with what the system opens such files with. Throws Failure, with the file's place, where that is not possible. */
export async function openFile(file: string): Promise<void> {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  if (which(opener) === null) throw new Failure(`${opener} is not installed, so nothing can be opened from here: open ${file} yourself`);
  const code = await launch(opener, [file]);
  if (code !== 0) throw new Failure(`${opener} found nothing to open ${file} with (it exited with ${code}): open it yourself`);
}
