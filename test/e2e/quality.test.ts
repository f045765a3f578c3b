import '../support/own-machine.ts';
import { fakeLab } from '../support/fake-lab.ts';
import { qualitySuite } from '../support/quality-suite.ts';
import { someText } from '../support/tiny-model.ts';

qualitySuite('what is measured of quality, on stand-ins', async () => {
  const lab = fakeLab();
  // Enough for some rounds of `chunks: auto`.
  lab.workspace.write('work/evaluation.txt', someText(2000, 'evaluation'));
  return lab;
});
