-- CreateTable
CREATE TABLE "ticket" (
    "number" SERIAL NOT NULL,
    "case_id" VARCHAR(255) NOT NULL,
    "customer_id" VARCHAR(255) NOT NULL,
    "customer_name" VARCHAR(255) NOT NULL,
    "correlation_id" VARCHAR(255) NOT NULL,
    "subject" VARCHAR(255) NOT NULL,
    "body_text" TEXT NOT NULL,
    "priority" VARCHAR(16) NOT NULL,
    "link" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" VARCHAR(255),
    "resolved_note" TEXT,
    "resolved_for" VARCHAR(255),

    CONSTRAINT "ticket_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "ticket_comment" (
    "id" BIGSERIAL NOT NULL,
    "idempotency_key" VARCHAR(255) NOT NULL,
    "case_id" VARCHAR(255) NOT NULL,
    "body_text" TEXT NOT NULL,
    "priority" VARCHAR(16),
    "link" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ticket_comment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ticket_case_id_key" ON "ticket"("case_id");

-- CreateIndex
CREATE INDEX "ticket_resolved_at_number_idx" ON "ticket"("resolved_at", "number");

-- CreateIndex
CREATE UNIQUE INDEX "ticket_comment_idempotency_key_key" ON "ticket_comment"("idempotency_key");

-- CreateIndex
CREATE INDEX "ticket_comment_case_id_id_idx" ON "ticket_comment"("case_id", "id");

