import { HubMistake } from '../../hub/problems.ts';
import type { RemoteRepo } from '../../hub/writer.ts';
import type { Destination } from '../../pipeline/destination.ts';
import type { PublishContext } from '../destination.ts';

type HubDestination = Extract<Destination, { kind: 'hub' }>;

/**
 * What a repo's visibility has to become: private before anything is sent, public when all of it is there; null where it is right. What a person
 * has set on the Hub is not taken back by a run of its own accord. Throws HubMistake, not-private, for a repo that only a person has made public:
 * everybody would see the files from their first moment on.
 */
export function visibilityToSet(
  remote: RemoteRepo | null,
  { repo, visibility }: HubDestination,
  { journal, asked }: Pick<PublishContext, 'journal' | 'asked'>,
): { to: 'private' | 'public' | null; notes: string[] } {
  const isPrivate = remote?.isPrivate ?? true;
  const said = journal.visibility();
  if (isPrivate === (visibility === 'private')) return { to: null, notes: [] };
  if (visibility === 'private') {
    if (said === 'public') return { to: 'private', notes: ['the pipeline no longer says that everybody may see it: it becomes private'] };
    throw new HubMistake(
      'not-private',
      `${repo} is public, and the pipeline does not say that its files may be: write \`visibility: public\`, or make the repo private on the Hub`,
    );
  }
  if (remote && said === 'public' && !asked)
    return { to: null, notes: ['somebody has made the repo private on the Hub: it stays so until qpipe publish RUN shows it again'] };
  return { to: 'public', notes: [] };
}
