import { catalogue, type AnyContract } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { compileExpression, type Expression } from './expression.js';
import type { MappingRule } from './rules.js';

/** A rule ready to use. */
export interface CompiledRule {
  readonly contract: AnyContract;
  readonly where: string;
  readonly data: Expression;
  readonly when?: Expression;
  readonly each?: Expression;
  readonly id?: Expression;
  readonly timestamp?: Expression;
  readonly correlationId?: Expression;
}

/** Compiles rules. Throws `config_invalid` that names every field that is wrong, by its place under `where`. */
export function compileMapping(rules: readonly MappingRule[], where: string): readonly CompiledRule[] {
  const problems: SignalboxError[] = [];
  const compiled = rules.map((rule, at) => compileRule(rule, `${where}.${at}`, problems));
  const [first, ...more] = problems;
  if (first) {
    const message = [first, ...more].map((problem) => problem.message).join('\n  ');
    throw new SignalboxError('config_invalid', message, {
      pointers: problems.flatMap(({ pointers }) => pointers),
    });
  }
  return compiled as CompiledRule[];
}

function compileRule(rule: MappingRule, where: string, problems: SignalboxError[]): CompiledRule | undefined {
  const collected = <T>(compile: () => T): T | undefined => {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof SignalboxError)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const field = (name: keyof MappingRule): Expression | undefined => {
    const text = rule[name];
    return text === undefined ? undefined : collected(() => compileExpression(text, `${where}.${name}`));
  };
  const contract = collected(() => contractNamed(rule.event_type, `${where}.event_type`));
  const data = field('data');
  const parts = {
    when: field('when'),
    each: field('each'),
    id: field('id'),
    timestamp: field('timestamp'),
    correlationId: field('correlation_id'),
  };
  if (!contract || !data) return undefined;
  const set = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  return { contract, where, data, ...set };
}

function contractNamed(type: string, where: string): AnyContract {
  const contract = catalogue.get(type);
  if (contract && contract.kind !== 'platform') return contract;
  const why = contract ? 'is about Signalbox itself, no source may send it' : 'is not in the catalogue';
  throw new SignalboxError('config_invalid', `${where}: ${type} ${why}.`, {
    pointers: [{ pointer: where, message: why }],
  });
}
