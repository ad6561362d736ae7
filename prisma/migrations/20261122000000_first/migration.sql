-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "MatrixName" AS ENUM ('ATTENTION_QUERY', 'ATTENTION_KEY', 'ATTENTION_VALUE', 'ATTENTION_OUTPUT', 'MLP_GATE', 'MLP_UP', 'MLP_DOWN');

-- CreateEnum
CREATE TYPE "LensKind" AS ENUM ('RAW', 'FINAL_NORM', 'NORMALIZED');

-- CreateEnum
CREATE TYPE "TargetMode" AS ENUM ('FIRST', 'LAST', 'SEQUENCE');

-- CreateEnum
CREATE TYPE "RunState" AS ENUM ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "RunStage" AS ENUM ('QUEUED', 'LOADING', 'COMPUTING', 'PROJECTING', 'STORING', 'DONE');

-- CreateEnum
CREATE TYPE "VectorState" AS ENUM ('QUEUED', 'RUNNING', 'READY', 'FAILED');

-- CreateTable
CREATE TABLE "user_account" (
    "id" UUID NOT NULL,
    "handle" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "directory" TEXT NOT NULL,
    "family" TEXT NOT NULL,
    "layers" INTEGER NOT NULL,
    "width" INTEGER NOT NULL,
    "heads" INTEGER NOT NULL,
    "context_length" INTEGER NOT NULL,
    "vocabulary_size" INTEGER NOT NULL,
    "parameters" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "dtype" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "matrices" "MatrixName"[],
    "has_tokenizer" BOOLEAN NOT NULL,
    "bundled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prompt" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "model_id" UUID,
    "text" TEXT NOT NULL,
    "target" TEXT,
    "tags" TEXT[],
    "note" TEXT,
    "client_mutation_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "prompt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lens_run" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "prompt_id" UUID,
    "name" TEXT,
    "prompt_text" TEXT,
    "target_text" TEXT,
    "prompt_ids" INTEGER[],
    "target_ids" INTEGER[],
    "target_mode" "TargetMode" NOT NULL,
    "lens" "LensKind" NOT NULL,
    "top_k" INTEGER NOT NULL,
    "matrices" "MatrixName"[],
    "config_digest" TEXT NOT NULL,
    "client_mutation_id" TEXT,
    "state" "RunState" NOT NULL DEFAULT 'QUEUED',
    "stage" "RunStage" NOT NULL DEFAULT 'QUEUED',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "progress_version" INTEGER NOT NULL DEFAULT 1,
    "error" JSONB,
    "lease_owner" TEXT,
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "loss" DOUBLE PRECISION,
    "prompt_length" INTEGER,

    CONSTRAINT "lens_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lens_result" (
    "run_id" UUID NOT NULL,
    "summary" JSONB NOT NULL,
    "receipt" JSONB NOT NULL,

    CONSTRAINT "lens_result_pkey" PRIMARY KEY ("run_id")
);

-- CreateTable
CREATE TABLE "projection" (
    "run_id" UUID NOT NULL,
    "layer" INTEGER NOT NULL,
    "matrix" "MatrixName" NOT NULL,
    "cells" BYTEA NOT NULL,

    CONSTRAINT "projection_pkey" PRIMARY KEY ("run_id","matrix","layer")
);

-- CreateTable
CREATE TABLE "layer_reading" (
    "run_id" UUID NOT NULL,
    "layer" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "cells" BYTEA NOT NULL,

    CONSTRAINT "layer_reading_pkey" PRIMARY KEY ("run_id","kind","layer")
);

-- CreateTable
CREATE TABLE "vector_file" (
    "config_digest" TEXT NOT NULL,
    "state" "VectorState" NOT NULL DEFAULT 'QUEUED',
    "bytes" BIGINT,
    "error" JSONB,
    "lease_owner" TEXT,
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vector_file_pkey" PRIMARY KEY ("config_digest")
);

-- CreateTable
CREATE TABLE "worker" (
    "id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_account_handle_key" ON "user_account"("handle");

-- CreateIndex
CREATE UNIQUE INDEX "team_slug_key" ON "team"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "project_team_id_slug_key" ON "project"("team_id", "slug");

-- CreateIndex
CREATE INDEX "model_project_id_created_at_id_idx" ON "model"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "model_project_id_name_key" ON "model"("project_id", "name");

-- CreateIndex
CREATE INDEX "prompt_project_id_created_at_id_idx" ON "prompt"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "prompt_tags_idx" ON "prompt" USING GIN ("tags");

-- CreateIndex
CREATE UNIQUE INDEX "prompt_project_id_author_id_client_mutation_id_key" ON "prompt"("project_id", "author_id", "client_mutation_id");

-- CreateIndex
CREATE INDEX "lens_run_project_id_created_at_id_idx" ON "lens_run"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "lens_run_model_id_finished_at_idx" ON "lens_run"("model_id", "finished_at");

-- CreateIndex
CREATE INDEX "lens_run_prompt_id_created_at_idx" ON "lens_run"("prompt_id", "created_at");

-- CreateIndex
CREATE INDEX "lens_run_config_digest_idx" ON "lens_run"("config_digest");

-- CreateIndex
CREATE UNIQUE INDEX "lens_run_project_id_author_id_client_mutation_id_key" ON "lens_run"("project_id", "author_id", "client_mutation_id");

-- CreateIndex
CREATE INDEX "audit_event_project_id_created_at_idx" ON "audit_event"("project_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prompt" ADD CONSTRAINT "prompt_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prompt" ADD CONSTRAINT "prompt_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prompt" ADD CONSTRAINT "prompt_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lens_run" ADD CONSTRAINT "lens_run_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lens_run" ADD CONSTRAINT "lens_run_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lens_run" ADD CONSTRAINT "lens_run_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lens_run" ADD CONSTRAINT "lens_run_prompt_id_fkey" FOREIGN KEY ("prompt_id") REFERENCES "prompt"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lens_result" ADD CONSTRAINT "lens_result_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "lens_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "projection" ADD CONSTRAINT "projection_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "lens_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "layer_reading" ADD CONSTRAINT "layer_reading_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "lens_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;


