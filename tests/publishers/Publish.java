import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

public class Publish {
  public static void main(String[] args) throws Exception {
    String brokers = System.getenv().getOrDefault("KAFKA_BROKERS", "127.0.0.1:19092");
    String topic = System.getenv().getOrDefault("TOPIC", "user.signed_up");
    String userId = "usr-java-1";
    String event = """
        {
          "event_id": "%s",
          "event_type": "user.signed_up",
          "timestamp": "%s",
          "data": {
            "user_id": "%s",
            "email": "jane.doe@example.com",
            "plan": "premium_trial",
            "signup_source": "java"
          },
          "metadata": { "source_service": "java-example", "correlation_id": "%s" }
        }""".formatted(UUID.randomUUID(), Instant.now(), userId, UUID.randomUUID());
    Map<String, Object> settings = Map.of("bootstrap.servers", brokers, "acks", "all");
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      // The key is the entity the contract names; get() waits until Kafka has the event, or throws.
      producer.send(new ProducerRecord<>(topic, userId, event)).get();
    }
  }
}
