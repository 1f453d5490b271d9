# One event a line, the key before a tab. kcat is librdkafka: it needs the Java client's partitioner by name.
key=usr-shell-1
id="shell-$(date +%s)-$$"
now="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
data='{"user_id":"'$key'","email":"jane.doe@example.com","plan":"premium_trial","signup_source":"shell"}'
metadata='{"source_service":"shell-example","correlation_id":"'$id'"}'
event='{"event_id":"'$id'","event_type":"user.signed_up","timestamp":"'$now'","data":'$data',"metadata":'$metadata'}'
printf '%s\t%s\n' "$key" "$event" |
  kcat -P -b "${KAFKA_BROKERS:-127.0.0.1:19092}" -t "${TOPIC:-user.signed_up}" -K '\t' \
    -X acks=all -X topic.partitioner=murmur2_random
