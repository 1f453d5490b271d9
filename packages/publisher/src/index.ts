export {
  createPublisher,
  type Publication,
  type PublishOptions,
  type Published,
  type Publisher,
  type PublisherOptions,
} from './publisher.js';
