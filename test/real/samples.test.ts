import '../support/own-machine.ts';
import { realLab } from '../support/real-lab.ts';
import { samplesSuite } from '../support/samples-suite.ts';

samplesSuite('samples on llama.cpp', realLab);
