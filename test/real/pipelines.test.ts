import '../support/own-machine.ts';
import { realLab } from '../support/real-lab.ts';
import { pipelineSuite } from '../support/suite.ts';

pipelineSuite('a pipeline on llama.cpp', realLab);
