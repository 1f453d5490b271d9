package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/twmb/franz-go/pkg/kgo"
)

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func main() {
	// franz-go's default partitioner places keys as the Java client does, and it waits for all replicas.
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(setting("KAFKA_BROKERS", "127.0.0.1:19092"), ",")...),
	)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	userID := "usr-go-1"
	event, err := json.Marshal(map[string]any{
		"event_id":   uuid.NewString(),
		"event_type": "user.signed_up",
		"timestamp":  time.Now().UTC().Format(time.RFC3339Nano),
		"data": map[string]any{
			"user_id":       userID,
			"email":         "jane.doe@example.com",
			"plan":          "premium_trial",
			"signup_source": "go",
		},
		"metadata": map[string]any{"source_service": "go-example", "correlation_id": uuid.NewString()},
	})
	if err != nil {
		log.Fatal(err)
	}
	record := &kgo.Record{Topic: setting("TOPIC", "user.signed_up"), Key: []byte(userID), Value: event}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := client.ProduceSync(ctx, record).FirstErr(); err != nil {
		log.Fatal(err)
	}
}
