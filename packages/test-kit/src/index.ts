export { Decision } from './given/decision.js';
export {
  event,
  timer,
  type EventOptions,
  type TestEvent,
  type TestTimer,
  type TimerOptions,
} from './given/event.js';
export { ExpectationError } from './given/expectation-error.js';
export { Given, When, given, type Decides } from './given/given.js';
export { difference, textMatching, type Matcher } from './given/match.js';
export { type StoryTimer } from './given/story-memory.js';
export { Story, type StoryAgent, type StoryOutcome } from './given/story.js';
export { Arrivals } from './receivers/arrivals.js';
export { HttpReceiver, type HttpAnswer, type ReceivedRequest } from './receivers/http-receiver.js';
export { PagerDutyReceiver, type PagerDutyEvent } from './receivers/pagerduty-receiver.js';
export { SlackReceiver, type SlackBlock, type SlackMessage } from './receivers/slack-receiver.js';
export { SmtpReceiver, type ReceivedMail } from './receivers/smtp-receiver.js';
export { eventually } from './installation/eventually.js';
export { Installation, type InstallationOptions } from './installation/installation.js';
export { type BusAgent } from './bus/bus-agent.js';
export { type CallFaults, type PortCall } from './bus/bus-process.js';
export { type BusEffects } from './bus/effects.js';
export { sameUnderFaults, type FaultRun } from './bus/same-under-faults.js';
export { type Span } from './bus/span.js';
export { TestBus, type TestBusOptions } from './bus/test-bus.js';
export { type CallFault } from './faults/call-fault.js';
export { callsThrough, gatedStore, type Gate } from './faults/gate.js';
export { ConsumerGroup, type GroupMember } from './memory/consumer-group.js';
export { MemoryBroker, type MemoryBrokerOptions, type MemoryLog } from './memory/memory-broker.js';
export { MemoryConsumer, type MemoryConsumerOptions } from './memory/memory-consumer.js';
export { MemoryDatabase } from './memory/memory-database.js';
export { MemoryInspector } from './memory/memory-inspector.js';
export { MemoryProducer } from './memory/memory-producer.js';
export { MemoryStore } from './memory/memory-store.js';
export { MemoryUpkeep } from './memory/memory-upkeep.js';
export { SeededRandom } from './memory/seeded-random.js';
export { VirtualClock } from './memory/virtual-clock.js';
