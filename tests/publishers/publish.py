import json
import os
import sys
import uuid
from datetime import datetime, timezone

from confluent_kafka import Producer

producer = Producer(
    {
        "bootstrap.servers": os.environ.get("KAFKA_BROKERS", "127.0.0.1:19092"),
        "acks": "all",
        # librdkafka's default puts a key into another partition than the Java client does.
        "partitioner": "murmur2_random",
    }
)
user_id = "usr-python-1"
event = {
    "event_id": str(uuid.uuid4()),
    "event_type": "user.signed_up",
    "timestamp": datetime.now(timezone.utc).isoformat(),
    "data": {
        "user_id": user_id,
        "email": "jane.doe@example.com",
        "plan": "premium_trial",
        "signup_source": "python",
    },
    "metadata": {"source_service": "python-example", "correlation_id": str(uuid.uuid4())},
}
failures = []


def on_delivery(error, _message):
    if error is not None:
        failures.append(error)


topic = os.environ.get("TOPIC", "user.signed_up")
producer.produce(topic, key=user_id, value=json.dumps(event), on_delivery=on_delivery)
waiting = producer.flush(30)
if failures or waiting:
    sys.exit(f"not published: {failures or 'no answer within 30 s'}")
