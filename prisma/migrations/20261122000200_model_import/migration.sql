-- CreateEnum
CREATE TYPE "ImportState" AS ENUM ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "ImportStage" AS ENUM ('QUEUED', 'RESOLVING', 'DOWNLOADING', 'VERIFYING', 'IMPORTING', 'DONE');

-- CreateTable
CREATE TABLE "model_import" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "model_id" UUID,
    "source" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "client_mutation_id" TEXT,
    "state" "ImportState" NOT NULL DEFAULT 'QUEUED',
    "stage" "ImportStage" NOT NULL DEFAULT 'QUEUED',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "progress_version" INTEGER NOT NULL DEFAULT 1,
    "file" TEXT,
    "file_index" INTEGER,
    "file_count" INTEGER,
    "received_bytes" BIGINT,
    "total_bytes" BIGINT,
    "bytes_per_second" DOUBLE PRECISION,
    "seconds_left" DOUBLE PRECISION,
    "notes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "error" JSONB,
    "lease_owner" TEXT,
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_import_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "model_import_project_id_created_at_id_idx" ON "model_import"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "model_import_project_id_author_id_client_mutation_id_key" ON "model_import"("project_id", "author_id", "client_mutation_id");

-- AddForeignKey
ALTER TABLE "model_import" ADD CONSTRAINT "model_import_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_import" ADD CONSTRAINT "model_import_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_import" ADD CONSTRAINT "model_import_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.

-- A claim looks at waiting and running imports only.
CREATE INDEX "model_import_queue_idx" ON "model_import" ("queued_at", "id") WHERE "state" IN ('QUEUED', 'RUNNING');

-- Two unfinished imports may not both want one name: the second would fail only after its download.
CREATE UNIQUE INDEX "model_import_unfinished_name_idx" ON "model_import" ("project_id", "name")
    WHERE "state" IN ('QUEUED', 'RUNNING');
