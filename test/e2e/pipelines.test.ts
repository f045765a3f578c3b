import '../support/own-machine.ts';
import { fakeLab } from '../support/fake-lab.ts';
import { pipelineSuite } from '../support/suite.ts';

pipelineSuite('a pipeline on stand-ins', async () => fakeLab());
