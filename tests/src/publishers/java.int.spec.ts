import { findJava, kafkaClassPath } from '@signalbox/local-stack';
import { javaProgram, type Program } from './programs.js';
import { itPublishes } from './published.js';

let java: Program;
beforeAll(async () => {
  java = javaProgram((await findJava()).path, kafkaClassPath);
});

const program: Program = {
  file: 'Publish.java',
  get command() {
    return java.command;
  },
};

itPublishes('Java', program);
