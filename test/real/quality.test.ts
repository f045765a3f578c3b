import '../support/own-machine.ts';
import { qualitySuite } from '../support/quality-suite.ts';
import { realLab } from '../support/real-lab.ts';

qualitySuite('what is measured of quality, on llama.cpp', realLab);
