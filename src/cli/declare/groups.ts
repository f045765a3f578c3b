import { lookingCommands } from './look.ts';
import { makingCommands } from './make.ts';
import { recommendingCommands } from './recommend.ts';
import { repeatingCommands } from './repeat.ts';
import { shippingCommands } from './ship.ts';
import { watchingCommands } from './watch.ts';

/** All commands in the order of `--help`, but those that keep qpipe itself, which come last: one of them completes all. */
export const groups = [makingCommands, repeatingCommands, lookingCommands, recommendingCommands, shippingCommands, watchingCommands];
