-- CreateTable
CREATE TABLE "mailbox_message" (
    "id" BIGSERIAL NOT NULL,
    "idempotency_key" VARCHAR(255) NOT NULL,
    "request_id" VARCHAR(255) NOT NULL,
    "correlation_id" VARCHAR(255) NOT NULL,
    "channel" VARCHAR(16) NOT NULL,
    "recipient" VARCHAR(320) NOT NULL,
    "subject" VARCHAR(1024) NOT NULL,
    "body_text" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mailbox_message_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "mailbox_message_idempotency_key_key" ON "mailbox_message"("idempotency_key");

-- CreateIndex
CREATE INDEX "mailbox_message_channel_id_idx" ON "mailbox_message"("channel", "id");

